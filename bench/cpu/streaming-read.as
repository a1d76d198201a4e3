// The limit: how fast one thread reads memory in WebAssembly, by adding up what it reads.

/** Σ of the i32 at [from, from + bytes), bytes a multiple of 128. */
export function sum(from: usize, bytes: usize): i32 {
  let a = i32x4.splat(0), b = i32x4.splat(0), c = i32x4.splat(0), d = i32x4.splat(0);
  for (let p = from, end = from + bytes; p < end; p += 128) {
    a = i32x4.add(a, v128.load(p));
    b = i32x4.add(b, v128.load(p, 16));
    c = i32x4.add(c, v128.load(p, 32));
    d = i32x4.add(d, v128.load(p, 48));
    a = i32x4.add(a, v128.load(p, 64));
    b = i32x4.add(b, v128.load(p, 80));
    c = i32x4.add(c, v128.load(p, 96));
    d = i32x4.add(d, v128.load(p, 112));
  }
  a = i32x4.add(i32x4.add(a, b), i32x4.add(c, d));
  return i32x4.extract_lane(a, 0) + i32x4.extract_lane(a, 1) + i32x4.extract_lane(a, 2) + i32x4.extract_lane(a, 3);
}
