import { unpackHalf } from './half';

/** The scale of a block as the nearest bf16, ties to even. */
function scaleBits(from: usize): u16 {
  const bits = reinterpret<u32>(unpackHalf(from));
  return <u16>((bits + 0x7fff + ((bits >> 16) & 1)) >> 16);
}

/** Blocks of Q8_0: a scale and 32 signed bytes, of which llama.cpp makes none -128, and our kernels multiply none. */
export function unpackQ8(from: usize, to: usize, scales: usize, count: i32): void {
  for (const end = to + <usize>count; to < end; to += 32) {
    store<u16>(scales, scaleBits(from));
    const least = i8x16.splat(-127);
    v128.store(to, i8x16.max_s(v128.load(from + 2), least));
    v128.store(to + 16, i8x16.max_s(v128.load(from + 18), least));
    from += 34;
    scales += 2;
  }
}

/** Blocks of Q4_0: a scale, then byte i with weights i and 16 + i; ours holds b and 4 + b of eight weights in byte b of four. */
export function unpackQ4(from: usize, to: usize, scales: usize, count: i32): void {
  for (const end = to + (<usize>count >> 1); to < end; to += 16) {
    store<u16>(scales, scaleBits(from));
    for (let i: usize = 0; i < 2; i++) {
      const first = load<u32>(from + 2 + (i << 3));
      const second = load<u32>(from + 6 + (i << 3));
      store<u32>(to + (i << 2), (first & 0x0f0f0f0f) | ((second & 0x0f0f0f0f) << 4));
      store<u32>(to + 8 + (i << 2), ((first >> 4) & 0x0f0f0f0f) | (second & 0xf0f0f0f0));
    }
    from += 18;
    scales += 2;
  }
}
