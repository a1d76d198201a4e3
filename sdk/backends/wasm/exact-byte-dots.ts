// (module (func (export "d") (param i32 i32) (result i32) local.get 0 i8x16.splat local.get 1 i8x16.splat
//   i32.const 0 i32x4.splat i32x4.relaxed_dot_i8x16_i7x16_add_s i32x4.extract_lane 0))
const dots = [
  ...[
    0, 97, 115, 109, 1, 0, 0, 0, 1, 7, 1, 96, 2, 127, 127, 1, 127, 3, 2, 1, 0, 7, 5, 1, 1, 100, 0, 0, 10, 22, 1, 20, 0,
  ],
  ...[32, 0, 253, 15, 32, 1, 253, 15, 65, 0, 253, 17, 253, 147, 2, 253, 27, 0, 11],
];

/** Four times the product of the bytes 127 and 255, as this engine has it; undefined without relaxed SIMD. */
export function byteProduct(): number | undefined {
  const bytes = Uint8Array.from(dots);
  if (!WebAssembly.validate(bytes)) return undefined;
  const { d } = new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports as { d: (...ab: number[]) => number };
  return d(127, 255);
}

/**
 * Whether this machine has byte products for q8 in an exact form, one instruction instead of several: then the second
 * operand's bytes are unsigned (x86 with VNNI) or signed (ARM). Other x86 cuts off sums of two.
 */
export function hasExactByteDots(): boolean {
  return [4 * 127 * 255, 4 * 127 * -1].includes(byteProduct() as number);
}
