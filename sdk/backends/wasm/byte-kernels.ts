import { unpackBytes } from '../../platform/unpack-bytes.ts';
import { unshareMemory } from './fit-kernels.ts';
import { kernelsQ8Wasm } from './kernels-q8-wasm.gen.ts';

/** q8's kernels by byte products; `product` is four times that of the bytes 127 and 255, as this engine has it. */
interface ByteKernels {
  readonly module: WebAssembly.Module;
  readonly product: number;
}

/** Rejects without relaxed SIMD. */
async function compileByteKernels(shared: boolean): Promise<ByteKernels> {
  const bytes = unpackBytes(kernelsQ8Wasm);
  if (!shared) unshareMemory(bytes);
  const module = await WebAssembly.compile(bytes);
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared });
  const { exports } = await WebAssembly.instantiate(module, { env: { memory } });
  return { module, product: (exports as { byteProduct(): number }).byteProduct() };
}

/**
 * Which of q8's kernels this engine runs fastest; all give the same bits. A byte product is one instruction where its second
 * operand is unsigned (x86 with VNNI, 129,540) or signed (ARM, -508): 'q8', already compiled. Other x86 cuts off sums of two
 * and takes three instructions, which are better written out: 'q8-pairs'. Without relaxed SIMD there is 'q8-plain'.
 */
export const chooseByteKernels = (
  shared: boolean,
): Promise<{ name: 'q8'; module: WebAssembly.Module } | { name: 'q8-pairs' | 'q8-plain' }> =>
  compileByteKernels(shared).then(
    ({ module, product }) => (isExact(product) ? { name: 'q8', module } : { name: 'q8-pairs' }),
    () => ({ name: 'q8-plain' }),
  );

const isExact = (product: number): boolean => [129540, -508].includes(product);

/** q4's kernels for this machine: its nibbles are exact wherever there are byte products, in pairs where sums are cut off. */
export const chooseNibbleKernels = (): Promise<'q4' | 'q4-pairs' | 'q4-plain'> =>
  compileByteKernels(false).then(
    ({ product }) => (isExact(product) ? 'q4' : 'q4-pairs'),
    () => 'q4-plain',
  );
