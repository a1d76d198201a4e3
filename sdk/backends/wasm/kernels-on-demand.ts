import type { WasmDtype } from './memory-layout.ts';

/** A module that is not compiled yet. */
export interface KernelBytes {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Whether f32 kernels may use relaxed multiply-add. */
  readonly relaxed: boolean;
}

/**
 * The kernels for weights in f32 or q4, which few models on a CPU are run in, and for q8 on machines without exact byte
 * products; they are loaded when they are needed. In a worker the page does it: see sdk/worker/by-page.
 */
export async function kernelsOnDemand(dtype: WasmDtype): Promise<KernelBytes> {
  if (dtype === 'q8') return (await import('./plain-kernels.ts')).plainKernels();
  const { otherKernels } = await import('./other-kernels.ts');
  return otherKernels(dtype);
}
