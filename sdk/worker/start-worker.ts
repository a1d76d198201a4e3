import { type Remote, wrap } from 'comlink';
import { GptletError } from '../api/errors.ts';
import { pageServices } from './by-page/page-services.ts';
import { watchLifeLock } from './life-lock.ts';
import type { Host } from './protocol.ts';
import { version } from './version.ts';

/** A worker that has answered, and a promise that rejects should it fail later. */
export interface RunningWorker {
  readonly host: Remote<Host>;
  /** Never resolves; rejects with WORKER_FAILED when the worker reports an error that no call caught, or is no more. */
  readonly failed: Promise<never>;
  /** Ends the worker; does nothing to one that the caller brought. */
  terminate(): void;
}

/** What the option `worker` may be, when a worker is wanted. */
export type WorkerOption = true | Worker | (() => Worker);

/** A worker file that a server answers slowly for is still there; one that is missing mostly says so at once. */
const handshakeMs = 10_000;

/**
 * Starts a worker by the first way that works: the caller's own; the file beside this one, which some
 * bundlers copy along and others forget; the same source from a string, which a strict page may forbid.
 *
 * @param withWebGpu whether WebGPU may be used; the file for the CPU alone is smaller
 */
export async function startWorker(option: WorkerOption, withWebGpu: boolean): Promise<RunningWorker> {
  if (typeof option === 'function') return greet(option(), true);
  if (option !== true) return greet(option, false);
  const failures: unknown[] = [];
  for (const create of [withWebGpu ? fromFile : fromSmallerFile, fromInlineSource]) {
    try {
      return await greet(await create(), true);
    } catch (error) {
      failures.push(error);
    }
  }
  const reasons = failures.map((failure) => (failure as Error)?.message ?? String(failure)).join('; then ');
  throw new GptletError(
    'WORKER_FAILED',
    `No worker could be started (${reasons}). Serve the package's dist/worker.js and pass { worker: () => new Worker(itsUrl, { type: 'module' }) }, ` +
      "or allow it in the page's Content-Security-Policy (worker-src 'self' blob:; script-src 'wasm-unsafe-eval'; where Trusted Types are required, trusted-types gptlet), or pass { worker: false } to run in the page's own thread.",
    { cause: failures.at(-1) },
  );
}

function fromFile(): Worker {
  // Vite and webpack look for exactly this expression.
  return new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });
}

function fromSmallerFile(): Worker {
  return new Worker(new URL('./worker-wasm.js', import.meta.url), { type: 'module' });
}

async function fromInlineSource(): Promise<Worker> {
  const { workerSource } = await import('./worker-inline.js');
  const url = URL.createObjectURL(new Blob([workerSource], { type: 'text/javascript' }));
  const worker = new Worker(trusted(url));
  // The script is fetched when the worker starts; after the handshake nobody needs the address.
  setTimeout(() => URL.revokeObjectURL(url), handshakeMs);
  return worker;
}

interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): { createScriptURL(url: string): string };
}
let policy: ReturnType<TrustedTypes['createPolicy']> | undefined;

/** Pages that require Trusted Types start no worker from a plain string, and make each policy once. */
function trusted(url: string): string {
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
  policy ??= trustedTypes?.createPolicy('gptlet', { createScriptURL: (own) => own });
  return policy?.createScriptURL(url) ?? url;
}

async function greet(worker: Worker, owned: boolean): Promise<RunningWorker> {
  const host = wrap<Host>(worker);
  const watching = new AbortController();
  const terminate = (): void => {
    watching.abort();
    if (owned) worker.terminate();
  };
  let fail: (error: GptletError) => void = () => {};
  const failed = new Promise<never>((_, reject) => {
    fail = reject;
  });
  // What has failed once is not used again.
  failed.catch(terminate);
  worker.addEventListener('error', (event) => {
    const { message } = event as ErrorEvent;
    fail(new GptletError('WORKER_FAILED', `The worker failed: ${message || 'its script could not be loaded'}.`));
  });
  const timer = setTimeout(
    () => fail(new GptletError('WORKER_FAILED', `The worker did not answer within ${handshakeMs} ms.`)),
    handshakeMs,
  );
  try {
    const theirs = await Promise.race([host.hello(pageServices()), failed]);
    if (theirs.version !== version) {
      throw new GptletError(
        'WORKER_FAILED',
        `The worker is gptlet ${theirs.version}, the page uses ${version}: serve the worker file of the same version.`,
      );
    }
    if (theirs.lifeLock) {
      watchLifeLock(theirs.lifeLock, watching.signal, () =>
        fail(
          new GptletError(
            'WORKER_FAILED',
            'The worker was ended from outside, by the page or by a browser short of memory. Load the model again.',
          ),
        ),
      );
    }
  } catch (error) {
    terminate();
    throw error;
  } finally {
    clearTimeout(timer);
  }
  return { host, failed, terminate };
}
