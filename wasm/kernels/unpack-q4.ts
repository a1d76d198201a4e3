/**
 * One block of 16 rows from q4 to q8's layout with 32 inputs to a scale (see pack.ts), integers -8..7 as i8:
 * a prefill widens a block once and then uses it for every token.
 */
export function unpackQ4(block: usize, out: usize, K: i32): void {
  const low = i16x8.splat(15);
  const eight = i16x8.splat(8);
  for (let k = 0; k < K; k += 32) {
    for (let j = 0; j < 4; j++) {
      for (let quad: usize = 0; quad < 64; quad += 16) {
        const v = v128.load(block + quad);
        const n0 = i16x8.sub(v128.and(v, low), eight);
        const n1 = i16x8.sub(v128.and(i16x8.shr_u(v, 4), low), eight);
        const n2 = i16x8.sub(v128.and(i16x8.shr_u(v, 8), low), eight);
        const n3 = i16x8.sub(i16x8.shr_u(v, 12), eight);
        v128.store(out + quad, i8x16.narrow_i16x8_s(n0, n1));
        v128.store(out + quad, i8x16.narrow_i16x8_s(n2, n3), 64);
      }
      block += 64;
      out += 128;
    }
    v128.store(out, v128.load(block));
    v128.store(out, v128.load(block, 16), 16);
    block += 32;
    out += 32;
  }
}
