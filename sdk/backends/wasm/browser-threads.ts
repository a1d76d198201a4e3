import { workerFromSource } from '../../platform/blob-worker.ts';
import { serveSource, type Threads, threadsOf } from './threads.ts';

// Runs one after another: the first message starts the thread, which never comes back to its event loop.
const source = `onmessage=e=>{const d=e.data;${serveSource}}`;

/** Threads in a browser: for a model in a worker, since a page's main thread may not sleep, and in isolated pages only. */
export const browserThreads = (): Threads =>
  threadsOf(
    () => globalThis.crossOriginIsolated === true && typeof document === 'undefined',
    () => navigator.hardwareConcurrency ?? 1,
    (start, onError) => {
      const worker = workerFromSource(source, 'gptlet thread');
      worker.onerror = onError;
      worker.postMessage(start);
      return worker;
    },
  );
