import { type LoadKernels, loadKernelModule } from '../../backends/wasm/kernel-module.ts';
import { sharedSamplerExports } from '../../sampler/sampler-module.ts';

/**
 * Compiles what the embedded model generates with while its files are on their way. Both are kept where whoever needs them asks
 * again, and hears then of what failed. With WebGPU, too: the first visit measures both backends.
 */
export function compileEarly(loadKernels: LoadKernels): void {
  loadKernelModule('q8', false, true, loadKernels).catch(() => {});
  sharedSamplerExports().catch(() => {});
}
