import type { KernelBytes } from '../../backends/wasm/kernels-on-demand.ts';
import type { WasmDtype } from '../../backends/wasm/memory-layout.ts';
import { fromOutcome } from '../outcome.ts';
import { page } from './page.ts';

/** Stands in a worker for the function of the same name in sdk/backends/wasm. */
export async function kernelsOnDemand(dtype: WasmDtype): Promise<KernelBytes> {
  return fromOutcome(await page().kernels(dtype));
}
