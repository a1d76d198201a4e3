import { chooseThreads } from './choose-threads.ts';
import { forwardBatch } from './forward-batch.ts';
import { inspect } from './inspect.ts';
import { packQuantised } from './pack-quantised.ts';
import { ThreadPool } from './thread-pool.ts';
import type { WasmParts } from './wasm-backend.ts';

/** All that the CPU's engine can have besides kernels, which each place has in its own way. */
export const everyWasmPart: Omit<WasmParts, 'loadKernels'> = {
  batch: forwardBatch,
  inspect,
  packQuantised,
  threads: { count: chooseThreads, start: (...args) => ThreadPool.start(...args) },
};
