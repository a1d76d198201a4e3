import { GptletError } from '../../errors/gptlet-error.ts';
import { seededRandom } from '../../platform/seeded-random.ts';
import { openCheckpoint } from '../../testing/open-checkpoint.ts';
import { mutate } from './mutate.ts';

/** Sound files, and which of them is to be spoilt. */
export interface FuzzTarget {
  readonly name: string;
  readonly files: Readonly<Record<string, Uint8Array>>;
  readonly file: string;
  /** The first bytes of the file, in which most changes are to fall. */
  readonly focus: number;
  /** Reads the files and gives what is wrong with the outcome, or throws it; by default reads a checkpoint. */
  readonly load?: (files: Readonly<Record<string, Uint8Array>>) => Promise<unknown>;
}

export interface FuzzReport {
  inputs: number;
  /** Inputs that loaded all the same: the change fell where any value is as good. */
  loaded: number;
  /** By error code. */
  refused: Record<string, number>;
  slowestMs: number;
  /** The largest single array that one input made the reader ask for, over the input's own bytes. */
  worstAllocation: number;
}

/** A module's array constructors, watched. */
const arrayTypes = ['Array', 'ArrayBuffer', 'Uint8Array', 'Uint16Array', 'Uint32Array', 'Float32Array'] as const;

/**
 * Loads `inputs` spoilt files. Each must end in a model (tokenizer) or in a GptletError, soon, without asking
 * for arrays beyond twice the input (16-bit weights are widened) and a megabyte.
 *
 * @throws Error with the seed of the first input that does not
 */
export async function fuzz(targets: readonly FuzzTarget[], inputs: number, seed: number): Promise<FuzzReport> {
  const report: FuzzReport = { inputs: 0, loaded: 0, refused: {}, slowestMs: 0, worstAllocation: 0 };
  const watch = watchAllocations();
  try {
    for (let i = 0; i < inputs; i++) {
      const target = targets[i % targets.length];
      const spoilt = mutate(target.files[target.file], seededRandom(seed + i), target.focus);
      const files = { ...target.files, [target.file]: spoilt };
      const allowed = 2 * Object.values(files).reduce((sum, { length }) => sum + length, 0) + 2 ** 20;
      watch.largest = 0;
      const start = performance.now();
      const error = await (target.load ?? loadCheckpoint)(files).catch((thrown: unknown) => thrown);
      const ms = performance.now() - start;
      const fail = (what: string): Error =>
        new Error(`fuzz input ${target.name}, seed ${seed + i}: ${what}`, { cause: error });
      report.inputs++;
      if (error === undefined) report.loaded++;
      else if (error instanceof GptletError) report.refused[error.code] = (report.refused[error.code] ?? 0) + 1;
      else throw fail(`ended in ${String(error)}`);
      if (watch.largest > allowed) throw fail(`asked for an array of ${watch.largest} bytes`);
      if (ms > 2000) throw fail(`took ${ms.toFixed(0)} ms`);
      report.slowestMs = Math.max(report.slowestMs, ms);
      report.worstAllocation = Math.max(report.worstAllocation, watch.largest);
    }
  } finally {
    watch.stop();
  }
  return report;
}

async function loadCheckpoint(files: Readonly<Record<string, Uint8Array>>): Promise<unknown> {
  const checkpoint = await openCheckpoint(files);
  for await (const { data, rows, columns, rowStride, columnStride } of checkpoint.tensors()) {
    const last = (rows - 1) * rowStride + (columns - 1) * columnStride;
    if (data.length !== last + 1) return new Error(`a part of ${rows} x ${columns} has ${data.length} numbers`);
  }
  return undefined;
}

function watchAllocations(): { largest: number; stop(): void } {
  const scope = globalThis as unknown as Record<string, new (...args: unknown[]) => object>;
  const originals = arrayTypes.map((name) => [name, scope[name]] as const);
  const watch = {
    largest: 0,
    stop: () => {
      for (const [name, original] of originals) scope[name] = original;
    },
  };
  for (const [name, original] of originals) {
    const bytes = (original as { BYTES_PER_ELEMENT?: number }).BYTES_PER_ELEMENT ?? (name === 'Array' ? 8 : 1);
    scope[name] = new Proxy(original, {
      construct(type, args, newTarget) {
        if (typeof args[0] === 'number') watch.largest = Math.max(watch.largest, args[0] * bytes);
        return Reflect.construct(type, args, newTarget === scope[name] ? type : newTarget);
      },
    });
  }
  return watch;
}
