import { nodeModule } from './node-module.ts';

/** Processors that this process may use. */
export function processors(): number {
  const os = nodeModule('node:os');
  return os?.availableParallelism?.() ?? globalThis.navigator?.hardwareConcurrency ?? 1;
}
