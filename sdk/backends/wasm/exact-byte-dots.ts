import { unpackBytes } from '../../wasm-module/unpack-bytes.ts';
import { kernelsQ8Wasm } from './kernels-q8-wasm.gen.ts';
import { unshareMemory } from './unshare-memory.ts';

/** Four times the product of the bytes 127 and 255, as this engine has it; undefined without relaxed SIMD. */
export async function byteProduct(): Promise<number | undefined> {
  const bytes = unpackBytes(kernelsQ8Wasm);
  unshareMemory(bytes);
  if (!WebAssembly.validate(bytes)) return undefined;
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 65536 });
  const { instance } = await WebAssembly.instantiate(bytes, { env: { memory } });
  return (instance.exports.byteProduct as () => number)();
}

/**
 * Whether this machine has byte products for q8 in an exact form, one instruction instead of several: then the second
 * operand's bytes are unsigned (x86 with VNNI) or signed (ARM). Other x86 cuts off sums of two.
 */
export async function hasExactByteDots(): Promise<boolean> {
  return [4 * 127 * 255, 4 * 127 * -1].includes((await byteProduct()) as number);
}
