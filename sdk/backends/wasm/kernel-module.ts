import { GptletError } from '../../api/errors.ts';
import { unpackBytes } from '../../wasm-module/unpack-bytes.ts';
import { kernelsWasm } from './kernels-wasm.gen.ts';

/** The exports of wasm/kernels/index.ts that the engine uses; all numbers are addresses or counts. */
export interface KernelExports {
  packRows(
    dtype: number,
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
    dtype: number,
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

const compiled = new Map<boolean, Promise<KernelModule>>();

/** The kernels for shared or for unshared memory, compiled once each. */
export function loadKernelModule(shared: boolean): Promise<KernelModule> {
  let promise = compiled.get(shared);
  if (!promise) {
    promise = compileKernels(shared);
    compiled.set(shared, promise);
    promise.catch(() => compiled.delete(shared));
  }
  return promise;
}

async function compileKernels(shared: boolean): Promise<KernelModule> {
  const bytes = unpackBytes(kernelsWasm);
  if (!shared) unshareMemory(bytes);
  const relaxed = WebAssembly.validate(bytes);
  if (!relaxed) replaceRelaxedMultiplyAdd(bytes);
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

/**
 * The module is compiled for shared memory, with atomics, which engines also accept on an unshared one. The
 * import differs by one flag (bit 1 of the limits), so the other module is made here instead of shipped.
 */
export function unshareMemory(bytes: Uint8Array): void {
  const name = new TextEncoder().encode('memory');
  for (let at = 0; at < bytes.length - name.length - 2; at++) {
    if (name.every((byte, i) => bytes[at + i] === byte) && bytes[at + name.length] === 2) {
      bytes[at + name.length + 1] &= ~2;
      return;
    }
  }
}

/**
 * Replaces f32x4.relaxed_madd (0xfd 0x105) by v128.bitselect and a nop: same length, same operand types. The
 * kernels that hold it are never called then, but the module as a whole has to validate. Returns how many.
 */
export function replaceRelaxedMultiplyAdd(bytes: Uint8Array): number {
  let count = 0;
  for (let at = 0; at < bytes.length - 2; at++) {
    if (bytes[at] === 0xfd && bytes[at + 1] === 0x85 && bytes[at + 2] === 0x02) {
      bytes.set([0xfd, 0x52, 0x01], at);
      count++;
    }
  }
  return count;
}
