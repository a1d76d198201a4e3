import { workerFromSource } from '../../platform/blob-worker.ts';
import { nodeModule } from '../../platform/node-module.ts';

/** What the pool needs of a worker, in pages and in Node. */
interface Thread {
  terminate(): unknown;
}

interface ThreadStart {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly model: number;
  readonly thread: number;
}

const run = 'new WebAssembly.Instance(d.module,{env:{memory:d.memory}}).exports.serve(d.model,d.thread)';
const nodeSource = `const d=require('node:worker_threads').workerData;${run}`;
// Runs one after another: the first message starts the thread, which never comes back to its event loop.
const pageSource = `onmessage=e=>{const d=e.data;${run}}`;

/** A thread has this long to come up before the engine goes on without the others. */
const startMs = 5000;

/** Threads 1 … count - 1 of one engine: the same kernels on the same memory, made once. */
export class ThreadPool {
  readonly #threads: Thread[] = [];
  #failed = false;

  /**
   * Starts `count` - 1 threads and resolves when all of them wait for work, which `ready` counts. Rejects
   * nothing: undefined means that threads cannot start here (a content security policy without blob: workers, say).
   */
  static async start(
    start: Omit<ThreadStart, 'thread'>,
    count: number,
    ready: () => number,
  ): Promise<ThreadPool | undefined> {
    const pool = new ThreadPool();
    try {
      for (let thread = 1; thread < count; thread++) pool.#threads.push(pool.#spawn({ ...start, thread }));
      const deadline = Date.now() + startMs;
      while (ready() < count - 1) {
        if (pool.#failed || Date.now() > deadline) throw new Error('threads did not start');
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
      return pool;
    } catch {
      pool.terminate();
      return undefined;
    }
  }

  #spawn(start: ThreadStart): Thread {
    const node = nodeModule('node:worker_threads');
    if (node) {
      const worker = new node.Worker(nodeSource, { eval: true, workerData: start });
      worker.once('error', () => {
        this.#failed = true;
      });
      // A program that has nothing else to do may end.
      worker.unref();
      return worker;
    }
    const worker = workerFromSource(pageSource, 'gptlet thread');
    worker.onerror = () => {
      this.#failed = true;
    };
    worker.postMessage(start);
    return worker;
  }

  terminate(): void {
    for (const thread of this.#threads.splice(0)) thread.terminate();
  }
}
