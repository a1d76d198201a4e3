import { nodeModule } from '../../platform/node-module.ts';
import { processors } from '../../platform/processors.ts';

/** Below this a token takes less time than waking threads for it. */
const smallestThreadedBytes = 32 * 2 ** 20;

/** Whether this thread may share memory with others and sleep until they wake it. */
function canShareMemory(): boolean {
  if (typeof SharedArrayBuffer === 'undefined') return false;
  if (nodeModule('node:worker_threads')) return true;
  // A page's main thread may not sleep, and without isolation memory is not shared.
  return globalThis.crossOriginIsolated === true && typeof document === 'undefined';
}

/** Threads to use: as asked, else by the machine and the model's size; 1 where memory cannot be shared. */
export function chooseThreads(wanted: number | undefined, weightBytes: number): number {
  if (!canShareMemory()) return 1;
  return wanted ?? (weightBytes < smallestThreadedBytes ? 1 : Math.max(1, Math.min(4, processors())));
}
