// exp and log of our own: wasm arithmetic is exact IEEE everywhere, so every engine gives the same bits.

/** Below this exp is 0. */
const LEAST: f32 = -87;
/** Added to a number, 1.5 * 2^23 rounds it to an integer, which then stands in the low bits. */
const ROUND: f32 = 12582912;

// Four times each, in memory: an instruction takes such an operand directly, where a constant of its own would be put
// together anew for every four numbers.
const constants: usize = memory.data<f32>(
  [
    LEAST, LEAST, LEAST, LEAST,
    ROUND, ROUND, ROUND, ROUND,
    1.4426950408889634, 1.4426950408889634, 1.4426950408889634, 1.4426950408889634,
    0.693359375, 0.693359375, 0.693359375, 0.693359375,
    -0.00021219444005469057, -0.00021219444005469057, -0.00021219444005469057, -0.00021219444005469057,
    1, 1, 1, 1,
    0.5, 0.5, 0.5, 0.5,
    0.16666667, 0.16666667, 0.16666667, 0.16666667,
    0.041666668, 0.041666668, 0.041666668, 0.041666668,
    0.008333334, 0.008333334, 0.008333334, 0.008333334,
    0.0013888889, 0.0013888889, 0.0013888889, 0.0013888889,
    0.0001984127, 0.0001984127, 0.0001984127, 0.0001984127,
  ],
  16,
);

// @ts-ignore: decorator
@inline
function constant(index: usize): v128 {
  return v128.load(constants + (index << 4));
}

// @ts-ignore: decorator
@inline
function line(a: usize, b: usize, r: v128): v128 {
  return f32x4.add(constant(a), f32x4.mul(constant(b), r));
}

/**
 * exp of four f32 numbers that are at most 0; below -87 it is 0.
 * x = n ln 2 + r with |r| <= ln 2 / 2, the Taylor polynomial of degree 7 for exp r (relative error 5e-9,
 * under the rounding of f32), then n added to the exponent bits.
 */
// @ts-ignore: decorator
@inline
export function exp4(value: v128): v128 {
  // The two-operand maximum is a single instruction; no number here is NaN.
  const x = f32x4.pmax(value, constant(0));
  const rounded = f32x4.add(f32x4.mul(x, constant(2)), constant(1));
  const n = f32x4.sub(rounded, constant(1));
  // ln 2 in two parts: the first has trailing zero bits, so that n times it is exact.
  const r = f32x4.sub(f32x4.sub(x, f32x4.mul(n, constant(3))), f32x4.mul(n, constant(4)));
  // In pairs, which the processor works on side by side.
  const square = f32x4.mul(r, r);
  const high = f32x4.add(line(8, 9, r), f32x4.mul(square, line(10, 11, r)));
  const p = f32x4.add(line(5, 5, r), f32x4.mul(square, f32x4.add(line(6, 7, r), f32x4.mul(square, high))));
  const scaled = i32x4.add(p, i32x4.shl(rounded, 23));
  return v128.and(scaled, f32x4.ge(value, constant(0)));
}

/** Natural logarithm of a positive, normal number: 2 atanh((m - 1) / (m + 1)) + k ln 2. */
export function logarithm(x: f64): f64 {
  const bits = reinterpret<i64>(x);
  let k = <i32>(bits >> 52) - 1023;
  let m = reinterpret<f64>((bits & 0x000fffffffffffff) | 0x3ff0000000000000);
  if (m > 1.4142135623730951) {
    m *= 0.5;
    k++;
  }
  const s = (m - 1) / (m + 1);
  const square = s * s;
  let series: f64 = 0;
  for (let odd = 23; odd >= 1; odd -= 2) series = series * square + 1 / <f64>odd;
  return 2 * s * series + <f64>k * 0.6931471805599453;
}

/** Sum of the four lanes in f64. */
// @ts-ignore: decorator
@inline
export function sumLanes(v: v128): f64 {
  return (
    <f64>f32x4.extract_lane(v, 0) + <f64>f32x4.extract_lane(v, 1) + (<f64>f32x4.extract_lane(v, 2) + <f64>f32x4.extract_lane(v, 3))
  );
}

/** Largest of the four lanes; no lane is NaN. */
// @ts-ignore: decorator
@inline
export function maxLane(v: v128): f32 {
  return max(
    max(f32x4.extract_lane(v, 0), f32x4.extract_lane(v, 1)),
    max(f32x4.extract_lane(v, 2), f32x4.extract_lane(v, 3)),
  );
}
