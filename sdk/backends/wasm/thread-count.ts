import { GptletError } from '../../errors/gptlet-error.ts';
import { nodeModule } from '../../platform/node-module.ts';

const mostThreads = 64;
/** Below this a token takes less time than waking threads for it. */
const smallestThreadedBytes = 32 * 2 ** 20;

/** Whether this thread may share memory with others and sleep until they wake it. */
function canShareMemory(): boolean {
  if (typeof SharedArrayBuffer === 'undefined') return false;
  if (nodeModule('node:worker_threads')) return true;
  // A page's main thread may not sleep, and without isolation memory is not shared.
  return globalThis.crossOriginIsolated === true && typeof document === 'undefined';
}

/** Processors that this process may use. */
export function processors(): number {
  const os = nodeModule('node:os');
  return os?.availableParallelism?.() ?? globalThis.navigator?.hardwareConcurrency ?? 1;
}

/** Threads to use: as asked, else by the machine and the model's size; 1 where memory cannot be shared. */
export function resolveThreads(wanted: number | undefined, weightBytes: number): number {
  if (wanted !== undefined && !(Number.isInteger(wanted) && wanted >= 1 && wanted <= mostThreads)) {
    throw new GptletError(
      'INVALID_OPTION',
      `threads is ${wanted}; it must be a whole number from 1 to ${mostThreads}. Leave it out to let gptlet choose.`,
    );
  }
  if (!canShareMemory()) return 1;
  if (wanted !== undefined) return wanted;
  return weightBytes < smallestThreadedBytes ? 1 : Math.max(1, Math.min(4, processors()));
}
