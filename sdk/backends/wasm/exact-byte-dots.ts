import { unpackBytes } from '../../wasm-module/unpack-bytes.ts';
import type { KernelExports } from './kernel-module.ts';
import { kernelsQ8Wasm } from './kernels-q8-wasm.gen.ts';
import { unshareMemory } from './unshare-memory.ts';

/** Four times the product of the bytes 127 and 255, as this engine has it; rejects without relaxed SIMD. */
export async function byteProduct(): Promise<number> {
  const bytes = unpackBytes(kernelsQ8Wasm);
  unshareMemory(bytes);
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 65536 });
  const { instance } = await WebAssembly.instantiate(bytes, { env: { memory } });
  return (instance.exports as unknown as KernelExports).byteProduct();
}

/**
 * Whether this machine has byte products for q8 in an exact form, one instruction instead of several: then the second
 * operand's bytes are unsigned (x86 with VNNI, 129,540) or signed (ARM, -508). Other x86 cuts off sums of two.
 */
export const hasExactByteDots = (): Promise<boolean> =>
  byteProduct().then(
    (product) => [129540, -508].includes(product),
    () => false,
  );
