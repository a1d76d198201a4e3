import { nodeModule } from '../../platform/node-module.ts';
import { processors } from '../../platform/processors.ts';
import { serveSource, type Threads, threadsOf } from './threads.ts';

const source = `const d=require('node:worker_threads').workerData;${serveSource}`;

/** Threads in Node (from 20.16 on). */
export const nodeThreads = (): Threads =>
  threadsOf(
    () => nodeModule('node:worker_threads') !== undefined,
    processors,
    (start, onError) => {
      const { Worker } = nodeModule('node:worker_threads') as typeof import('node:worker_threads');
      const worker = new Worker(source, { eval: true, workerData: start });
      worker.once('error', onError);
      // A program that has nothing else to do may end.
      worker.unref();
      return worker;
    },
  );
