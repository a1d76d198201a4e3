import { GptletError } from '../errors/gptlet-error.ts';
import { invalid } from '../errors/invalid.ts';
import { workerFromSource } from '../platform/blob-worker.ts';
import { firstToAnswer, greet, type Hello, type RunningWorker } from './greet.ts';
import { pageServices } from './page-services.ts';
import type { Host } from './protocol.ts';

/** What the option `worker` may be, when a worker is wanted. */
export type WorkerOption = true | Worker | (() => Worker);

/**
 * Starts a worker by the first way that works: the caller's own; the file beside this one, which some
 * bundlers copy along and others forget; the same source from a string, which a strict page may forbid.
 *
 * @param file which file: with WebGPU where that may be used, and whether the embedded worker will do. The string is of the
 *   worker that does all.
 */
export async function startWorker(
  option: WorkerOption,
  file: { readonly webGpu: boolean; readonly embedded: boolean },
): Promise<RunningWorker<Host>> {
  const hello: Hello<Host> = (host, ended) => host.hello(pageServices(ended));
  if (option !== true) {
    const own = typeof option === 'function' ? option() : option;
    if (typeof own?.postMessage !== 'function')
      throw invalid('worker', own, 'true, false, a Worker or a function that makes one');
    return greet(own, own !== option, hello);
  }
  const failures: unknown[] = [];
  const worker = await firstToAnswer([() => fromFile(file), fromInlineSource], hello, failures);
  if (worker) return worker;
  const reasons = failures.map((failure) => (failure as Error)?.message ?? String(failure)).join('; then ');
  throw new GptletError(
    'WORKER_FAILED',
    `No worker could be started (${reasons}). Serve the package's dist/worker.js and pass { worker: () => new Worker(itsUrl, { type: 'module' }) }, ` +
      "or allow it in the page's Content-Security-Policy (worker-src 'self' blob:; script-src 'wasm-unsafe-eval'; where Trusted Types are required, trusted-types gptlet), or pass { worker: false } to run in the page's own thread.",
    { cause: failures.at(-1) },
  );
}

function fromFile({ webGpu, embedded }: { webGpu: boolean; embedded: boolean }): Worker {
  // Vite and webpack look for exactly these expressions.
  if (embedded) {
    return webGpu
      ? new Worker(new URL('./worker-embedded.js', import.meta.url), { type: 'module' })
      : new Worker(new URL('./worker-embedded-wasm.js', import.meta.url), { type: 'module' });
  }
  return webGpu
    ? new Worker(new URL('./worker.js', import.meta.url), { type: 'module' })
    : new Worker(new URL('./worker-wasm.js', import.meta.url), { type: 'module' });
}

async function fromInlineSource(): Promise<Worker> {
  const { workerSource } = await import('./worker-inline.js');
  return workerFromSource(workerSource);
}
