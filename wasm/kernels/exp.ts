/** In memory, since an engine builds a constant vector anew at each use: three instructions in place of one load. */
const constants = memory.data<f32>([
  -87.0, 88.0, // 2^n must stay a normal number on both sides
  1.4426950408889634, 12583039.0, // 1 / ln 2; 1.5 · 2^23 + 127
  0.693359375, -2.1219444e-4, // ln 2 in two parts
  0.499992311, 0.166671157, 0.04189027, 0.0083125075, 1.0,
]);

// @ts-ignore: decorator
@inline
function constant(index: usize): v128 {
  return v128.load_splat<u32>(constants + (index << 2));
}

/**
 * e^x in four lanes, relative error below 2.2e-7, e^0 = 1: x = n ln 2 + r with |r| <= ln 2 / 2 (Cody and Waite's
 * two-part ln 2), a polynomial of degree 5 for e^r (minimax, 1.1e-7; Estrin's order, whose steps overlap), times 2^n
 * through the exponent bits: adding 1.5 · 2^23 rounds, and leaves n + 127 in the lowest bits. Only plain IEEE
 * operations, so that every engine gives the same bits.
 */
// @ts-ignore: decorator
@inline
export function exp4(value: v128): v128 {
  // pmin and pmax are one instruction, min and max are five.
  const x = f32x4.pmin(f32x4.pmax(value, constant(0)), constant(1));
  const shifted = f32x4.add(f32x4.mul(x, constant(2)), constant(3));
  const n = f32x4.sub(shifted, constant(3));
  const r = f32x4.sub(f32x4.sub(x, f32x4.mul(n, constant(4))), f32x4.mul(n, constant(5)));
  const square = f32x4.mul(r, r);
  const low = f32x4.add(constant(6), f32x4.mul(r, constant(7)));
  const high = f32x4.add(constant(8), f32x4.mul(r, constant(9)));
  const p = f32x4.add(f32x4.add(r, constant(10)), f32x4.mul(square, f32x4.add(low, f32x4.mul(square, high))));
  return f32x4.mul(p, i32x4.shl(shifted, 23));
}
