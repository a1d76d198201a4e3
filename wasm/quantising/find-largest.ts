const LARGEST_FINITE: i32 = 0x7f7fffff;

/**
 * tile (width, 16) -> largest (16): the largest absolute value of each row. Compared as integers, which orders
 * positive floats and puts Infinity and NaN above all numbers. Returns the first row that holds one of those, or -1.
 */
export function findLargest(tile: usize, width: i32, largest: usize): i32 {
  const sign = i32x4.splat(0x7fffffff);
  let a = i32x4.splat(0), b = i32x4.splat(0), c = i32x4.splat(0), d = i32x4.splat(0);
  for (let end = tile + (<usize>width << 6); tile < end; tile += 64) {
    a = i32x4.max_s(a, v128.and(v128.load(tile), sign));
    b = i32x4.max_s(b, v128.and(v128.load(tile, 16), sign));
    c = i32x4.max_s(c, v128.and(v128.load(tile, 32), sign));
    d = i32x4.max_s(d, v128.and(v128.load(tile, 48), sign));
  }
  v128.store(largest, a);
  v128.store(largest, b, 16);
  v128.store(largest, c, 32);
  v128.store(largest, d, 48);
  for (let i = 0; i < 16; i++) if (load<i32>(largest + (<usize>i << 2)) > LARGEST_FINITE) return i;
  return -1;
}
