import { compileModule } from '../../platform/compile-module.ts';
import { chooseByteKernels, chooseNibbleKernels } from './byte-kernels.ts';
import { fitMultiplyAdd, unshareMemory } from './fit-kernels.ts';
import type { WasmDtype } from './memory-layout.ts';

/**
 * Gives a module's bytes, new ones at each call: the kernels for weights in f32 or q4, which few models on a CPU run in, for
 * q8 on machines without byte products in one instruction, or for q8 in models of families after the papers'. A worker has its page do it.
 */
export type LoadKernels = (
  name: 'f32' | 'q4' | 'q4-pairs' | 'q4-plain' | 'q8-pairs' | 'q8-plain' | 'q8-families',
) => Promise<Uint8Array<ArrayBuffer>>;

/** The exports of wasm/kernels/index.ts that the engine uses; all numbers are addresses or counts. */
export interface KernelExports {
  packRows(
    source: number,
    rowStride: number,
    columnStride: number,
    firstRow: number,
    rows: number,
    columns: number,
    weights: number,
    K: number,
    group: number,
    scratch: number,
  ): number;
  packQuantised(
    integers: number,
    scales: number,
    firstRow: number,
    rows: number,
    weights: number,
    K: number,
    group: number,
  ): void;
  forward(model: number): void;
  serve(model: number, thread: number): void;
  wake(model: number): void;
}

export interface KernelModule {
  readonly module: WebAssembly.Module;
  /** Whether f32 kernels may use relaxed multiply-add. */
  readonly relaxed: boolean;
}

const compiled = new Map<string, Promise<KernelModule>>();

/**
 * The kernels for weights in `dtype` and for shared or for unshared memory, compiled once each.
 *
 * @param paper whether the model is one of the papers', for which q8 has a smaller module
 */
export function loadKernelModule(
  dtype: WasmDtype,
  shared: boolean,
  paper: boolean,
  loadKernels: LoadKernels,
): Promise<KernelModule> {
  const key = [dtype, shared, dtype === 'q8' && paper].join();
  let promise = compiled.get(key);
  if (!promise) {
    promise = compileKernels(dtype, shared, paper, loadKernels);
    compiled.set(key, promise);
    promise.catch(() => compiled.delete(key));
  }
  return promise;
}

async function compileKernels(
  dtype: WasmDtype,
  shared: boolean,
  paper: boolean,
  loadKernels: LoadKernels,
): Promise<KernelModule> {
  const chosen =
    dtype === 'q8' ? await chooseByteKernels(shared) : { name: dtype === 'q4' ? await chooseNibbleKernels() : dtype };
  if ('module' in chosen && paper) return { module: chosen.module, relaxed: false };
  const bytes = await loadKernels(chosen.name === 'q8' ? 'q8-families' : chosen.name);
  const relaxed = dtype === 'f32' && fitMultiplyAdd(bytes);
  if (!shared) unshareMemory(bytes);
  return { module: await compileModule(bytes, 'WASM backend'), relaxed };
}
