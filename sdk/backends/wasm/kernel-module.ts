import { GptletError } from '../../errors/gptlet-error.ts';
import { exactByteKernels } from './exact-byte-dots.ts';
import { kernelsOnDemand } from './kernels-on-demand.ts';
import type { WasmDtype } from './memory-layout.ts';
import { unshareMemory } from './unshare-memory.ts';

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
  /** In the modules of {@link compilePlainKernels} for q8 and q4. */
  unpackQuantised(weights: number, integers: number, scales: number, rows: number, K: number, group: number): void;
  forward(model: number): void;
  serve(model: number, thread: number): void;
  wake(model: number): void;
  /** Of the bytes 127 and 255, four times. Above 0, the bytes of q8 weights are stored with 128 added. */
  byteProduct(): number;
}

export interface KernelModule {
  readonly module: WebAssembly.Module;
  /** Whether f32 kernels may use relaxed multiply-add. */
  readonly relaxed: boolean;
}

const compiled = new Map<string, Promise<KernelModule>>();

/** The kernels for weights in `dtype` and for shared or for unshared memory, compiled once each. */
export function loadKernelModule(dtype: WasmDtype, shared: boolean): Promise<KernelModule> {
  const key = dtype + shared;
  let promise = compiled.get(key);
  if (!promise) {
    promise = compileKernels(dtype, shared);
    compiled.set(key, promise);
    promise.catch(() => compiled.delete(key));
  }
  return promise;
}

async function compileKernels(dtype: WasmDtype, shared: boolean): Promise<KernelModule> {
  const exact = dtype === 'q8' && (await exactByteKernels(shared));
  return exact ? { module: exact, relaxed: false } : compilePlainKernels(dtype, shared);
}

/** Those that need no exact byte products: in q8 too, they pack the same bytes on every machine. */
export async function compilePlainKernels(dtype: WasmDtype, shared: boolean): Promise<KernelModule> {
  const { bytes, relaxed } = await kernelsOnDemand(dtype);
  if (!shared) unshareMemory(bytes);
  try {
    return { module: await WebAssembly.compile(bytes), relaxed };
  } catch (cause) {
    throw new GptletError(
      'UNSUPPORTED_PLATFORM',
      'The WASM backend does not start here: this JavaScript engine did not compile its kernels. It needs WebAssembly with SIMD (Chrome 91, Firefox 89, Safari 16.4, Node 20 or later) and a content security policy that allows wasm-unsafe-eval.',
      { cause },
    );
  }
}
