import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ModelFiles } from '../../checkpoint/open-source.ts';
import { type Fault, startFaultyServer } from '../../checkpoint/testing/faulty-server.ts';
import { GptletError } from '../../errors/gptlet-error.ts';
import { seededRandom } from '../../platform/seeded-random.ts';
import { openCheckpoint } from '../../testing/open-checkpoint.ts';
import { nodeCache } from '../node-cache.ts';
import type { WeightCache } from '../weight-cache.ts';

export interface FaultReport {
  /** Loads tried against a faulty server. */
  loads: number;
  /** Answers that were spoilt. */
  faults: number;
  byKind: Record<string, number>;
  /** Loads that ended in the right model in spite of them. */
  survived: number;
  /** Loads that gave the version in the cache, whole, because the server would not say whether it has another. */
  keptVersion: number;
  /** Loads that ended in an error, by code (or an abort's name). */
  errors: Record<string, number>;
}

/**
 * Loads from a server whose answers go wrong at random, stops some loads in the middle, changes the files
 * now and then, and keeps one cache over `loadsPerCache` loads.
 *
 * @throws Error with the seed if a load gives wrong weights or an error that is none of ours, or if the
 *   cache does not give the right model to a load without faults
 */
export async function faultRun(
  versions: readonly Record<string, Uint8Array>[],
  rounds: number,
  seed: number,
  loadsPerCache = 5,
): Promise<FaultReport> {
  const report: FaultReport = { loads: 0, faults: 0, byKind: {}, survived: 0, keptVersion: 0, errors: {} };
  const right = await Promise.all(versions.map((files) => digestOf(files as ModelFiles)));
  for (let round = 0; round < rounds; round++) {
    const random = seededRandom(seed + round);
    const directory = await mkdtemp(join(tmpdir(), 'gptlet-faults-'));
    let rate = 0;
    await using server = await startFaultyServer(versions[0], ({ path }) => {
      if (random() >= rate) return undefined;
      const fault = anyFault(random, server.files[path.split('/').at(-1) ?? '']?.length ?? 1);
      report.faults++;
      report.byKind[fault.kind] = (report.byKind[fault.kind] ?? 0) + 1;
      return fault;
    });
    try {
      const cache = await nodeCache(directory);
      for (let load = 0; load <= loadsPerCache; load++) {
        // The last load of each cache meets no fault: what the others left must do it no harm.
        const last = load === loadsPerCache;
        rate = last ? 0 : random() * 0.7;
        const version = random() < 0.2 ? 1 : 0;
        server.files = versions[version];
        server.etag = `"version ${version}"`;
        const signal = !last && random() < 0.3 ? AbortSignal.timeout(Math.ceil(random() * 60)) : undefined;
        const outcome = await digestOf(server.url, cache, signal).catch((error: Error) => error);
        const where = `seed ${seed + round}, load ${load}`;
        report.loads++;
        if (outcome === right[version]) report.survived++;
        // The kept version, where the server could not be asked whether it has a newer one.
        else if (!last && typeof outcome === 'string' && right.includes(outcome)) report.keptVersion++;
        else if (typeof outcome === 'string') throw new Error(`${where}: wrong weights`);
        else if (last) throw new Error(`${where}: the load without faults failed`, { cause: outcome });
        else {
          const name =
            outcome instanceof GptletError
              ? outcome.code
              : signal?.aborted && outcome === signal.reason
                ? 'aborted'
                : undefined;
          if (name === undefined) throw new Error(`${where}: ${String(outcome)}`, { cause: outcome });
          report.errors[name] = (report.errors[name] ?? 0) + 1;
        }
      }
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  }
  return report;
}

function anyFault(random: () => number, size: number): Fault {
  const somewhere = Math.floor(random() * size * random());
  const faults: Fault[] = [
    { kind: 'cut', after: somewhere },
    { kind: 'cut', after: 0 },
    { kind: 'status', status: [500, 502, 503, 504][Math.floor(random() * 4)] },
    { kind: 'status', status: 429, headers: { 'Retry-After': '0' } },
    { kind: 'short', bytes: somewhere },
    { kind: 'no-range' },
    { kind: 'chunked' },
    { kind: 'stall', after: somewhere },
    { kind: 'redirect' },
    { kind: 'drip' },
    { kind: 'status', status: 403 },
    { kind: 'html' },
  ];
  // The last two are no accidents but refusals: rare, so that loads get anywhere.
  return faults[Math.floor(random() * (random() < 0.1 ? faults.length : faults.length - 2))];
}

async function digestOf(source: URL | ModelFiles, cache?: WeightCache, signal?: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  const checkpoint = await openCheckpoint(source, {
    cache,
    signal,
    // Small ranges, so that several are on their way at once.
    access: { retryDelayMs: 1, idleMs: 60, attempts: 6, rangeBytes: 300_001, rangesBelow: Number.POSITIVE_INFINITY },
  });
  for await (const { name, rowOffset, data } of checkpoint.tensors({ signal })) {
    hash.update(`${name} ${rowOffset}`).update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }
  return hash.digest('hex');
}
