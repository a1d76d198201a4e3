import { rotaryAngles } from '../../model/rotary.ts';
import { Adapters } from './adapters.ts';
import { browserThreads } from './browser-threads.ts';
import { forwardBatch } from './forward-batch.ts';
import { inspect } from './inspect.ts';
import { packQuantised } from './pack-quantised.ts';
import type { WasmParts } from './wasm-backend.ts';

/** All that the CPU's engine can have in a browser, besides kernels, which page and worker have in their own ways. */
export const everyWasmPart = (): Omit<WasmParts, 'loadKernels'> => ({
  adapters: Adapters,
  batch: forwardBatch,
  inspect,
  packQuantised,
  rotaryAngles,
  threads: browserThreads(),
});
