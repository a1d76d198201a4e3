import { unpackBytes } from '../../platform/unpack-bytes.ts';
import { kernelsF32Wasm } from './kernels-f32-wasm.gen.ts';
import type { KernelBytes } from './kernels-on-demand.ts';
import { kernelsQ4Wasm } from './kernels-q4-wasm.gen.ts';
import { unshareMemory } from './unshare-memory.ts';

/** The kernels for weights in f32 or q4, made fit for this engine. */
export function otherKernels(dtype: 'f32' | 'q4'): KernelBytes {
  if (dtype === 'q4') return { bytes: unpackBytes(kernelsQ4Wasm), relaxed: false };
  const bytes = unpackBytes(kernelsF32Wasm);
  // Whether the engine knows shared memory is not the question here.
  const unshared = bytes.slice();
  unshareMemory(unshared);
  const relaxed = WebAssembly.validate(unshared);
  if (!relaxed) replaceRelaxedMultiplyAdd(bytes);
  return { bytes, relaxed };
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
