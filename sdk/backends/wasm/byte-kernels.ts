import { unpackBytes } from '../../platform/unpack-bytes.ts';
import { unshareMemory } from './fit-kernels.ts';
import { kernelsQ8Wasm } from './kernels-q8-wasm.gen.ts';

/** q8's kernels by byte products; `product` is four times that of the bytes 127 and 255, as this engine has it. */
interface ByteKernels {
  readonly module: WebAssembly.Module;
  readonly product: number;
}

/** Rejects without relaxed SIMD. */
export async function compileByteKernels(shared: boolean): Promise<ByteKernels> {
  const bytes = unpackBytes(kernelsQ8Wasm);
  if (!shared) unshareMemory(bytes);
  const module = await WebAssembly.compile(bytes);
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared });
  const { exports } = await WebAssembly.instantiate(module, { env: { memory } });
  return { module, product: (exports as { byteProduct(): number }).byteProduct() };
}

/**
 * q8's kernels by byte products, where this machine has them in an exact form, one instruction instead of several: then the
 * second operand's bytes are unsigned (x86 with VNNI, 129,540) or signed (ARM, -508). Other x86 cuts off sums of two.
 */
export const exactByteKernels = (shared: boolean): Promise<WebAssembly.Module | undefined> =>
  compileByteKernels(shared).then(
    ({ module, product }) => ([129540, -508].includes(product) ? module : undefined),
    () => undefined,
  );
