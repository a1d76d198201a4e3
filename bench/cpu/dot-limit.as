// The limit of a prefill: how many products of integers one thread makes in WebAssembly, out of registers alone. Each function
// takes `steps` steps of twelve sums that do not wait for one another; each sum is its own operand, so that no compiler moves
// a product out of the loop.

/** In memory, since a compiler knows constants. */
const operands = memory.data<u8>([3, 0, 5, 0, 7, 0, 9, 0, 11, 0, 13, 0, 15, 0, 17, 0]);

/** A 16-bit product and an addition, which every machine has in an exact form. */
// @ts-ignore: decorator
@inline
function dot16(sum: v128, u: v128): v128 {
  return i32x4.add(sum, i32x4.dot_i16x8_s(sum, u));
}

/** A byte product: one instruction with VNNI or dotprod, several elsewhere. */
// @ts-ignore: decorator
@inline
function dotBytes(sum: v128, u: v128): v128 {
  return i32x4.relaxed_dot_i8x16_i7x16_add_s(u, u, sum);
}

/** A byte product in the three instructions that x86 without VNNI has for it, the ones of the second in a register. */
// @ts-ignore: decorator
@inline
function dotSplit(sum: v128, u: v128): v128 {
  return i32x4.add(sum, i32x4.dot_i16x8_s(i16x8.relaxed_dot_i8x16_i7x16_s(sum, u), u));
}

/** Two byte products into 16 bits, added there and widened together: 7 bits and 7 with nothing to spare. */
// @ts-ignore: decorator
@inline
function dotPaired(sum: v128, u: v128): v128 {
  const both = i16x8.add(i16x8.relaxed_dot_i8x16_i7x16_s(sum, u), i16x8.relaxed_dot_i8x16_i7x16_s(u, sum));
  return i32x4.add(sum, i32x4.dot_i16x8_s(both, u));
}

/** Names of the four, for the type parameter. */
type Bytes = i8;
type Sixteen = i16;
type Split = i32;
type Paired = i64;

// @ts-ignore: decorator
@inline
function dot<T>(sum: v128, u: v128): v128 {
  if (sizeof<T>() == sizeof<Bytes>()) return dotBytes(sum, u);
  if (sizeof<T>() == sizeof<Sixteen>()) return dot16(sum, u);
  return sizeof<T>() == sizeof<Split>() ? dotSplit(sum, u) : dotPaired(sum, u);
}

// @ts-ignore: decorator
@inline
function run<T>(steps: i32): i32 {
  const u = v128.load(operands);
  let a = u, b = i8x16.add(a, u), c = i8x16.add(b, u), d = i8x16.add(c, u), e = i8x16.add(d, u), f = i8x16.add(e, u);
  let g = i8x16.add(f, u), h = i8x16.add(g, u), i = i8x16.add(h, u), j = i8x16.add(i, u), k = i8x16.add(j, u);
  let l = i8x16.add(k, u);
  for (let step = 0; step < steps; step++) {
    a = dot<T>(a, u);
    b = dot<T>(b, u);
    c = dot<T>(c, u);
    d = dot<T>(d, u);
    e = dot<T>(e, u);
    f = dot<T>(f, u);
    g = dot<T>(g, u);
    h = dot<T>(h, u);
    i = dot<T>(i, u);
    j = dot<T>(j, u);
    k = dot<T>(k, u);
    l = dot<T>(l, u);
  }
  // Each is used, and differently, so that they are not found to be one.
  a = v128.xor(v128.xor(v128.xor(a, i8x16.add(b, c)), i8x16.sub(d, e)), i16x8.add(f, g));
  a = v128.xor(v128.xor(a, i16x8.sub(h, i)), v128.xor(i32x4.add(j, k), i32x4.sub(l, u)));
  return i32x4.extract_lane(a, 0) ^ i32x4.extract_lane(a, 3);
}

/** 12 · 8 products a step. */
export function dots16(steps: i32): i32 {
  return run<Sixteen>(steps);
}

/** 12 · 16 products a step. */
export function dotsBytes(steps: i32): i32 {
  return run<Bytes>(steps);
}

/** 12 · 16 products a step. */
export function dotsSplit(steps: i32): i32 {
  return run<Split>(steps);
}

/** 12 · 2 · 16 products a step. */
export function dotsPaired(steps: i32): i32 {
  return run<Paired>(steps);
}
