import { unpackHalf } from './half';
import { unpackQ4K, unpackQ5K, unpackQ6K } from './super-blocks';
import { F16, F32, Q4_0, Q4_1, Q4_K, Q5_0, Q5_1, Q5_K, Q6_K, Q8_0 } from './types';

/** `count` weights of a type, whole blocks of it; what is none of the others is bf16. */
export function unpackFloats(type: i32, from: usize, to: usize, count: i32): void {
  if (type == F32) {
    memory.copy(to, from, <usize>count << 2);
    return;
  }
  for (const end = to + (<usize>count << 2); to < end; ) {
    if (type == Q4_K) {
      unpackQ4K(from, to);
      from += 144;
      to += 1024;
    } else if (type == Q5_K) {
      unpackQ5K(from, to);
      from += 176;
      to += 1024;
    } else if (type == Q6_K) {
      unpackQ6K(from, to);
      from += 210;
      to += 1024;
    } else if (type == Q8_0) {
      const scale = unpackHalf(from);
      for (let i: usize = 0; i < 32; i++) store<f32>(to + (i << 2), <f32>load<i8>(from + 2 + i) * scale);
      from += 34;
      to += 128;
    } else if (type == Q4_0) {
      nibbles(from + 2, to, unpackHalf(from), -8, 0, 0);
      from += 18;
      to += 128;
    } else if (type == Q4_1) {
      nibbles(from + 4, to, unpackHalf(from), 0, unpackHalf(from + 2), 0);
      from += 20;
      to += 128;
    } else if (type == Q5_0) {
      nibbles(from + 6, to, unpackHalf(from), -16, 0, load<u32>(from + 2));
      from += 22;
      to += 128;
    } else if (type == Q5_1) {
      nibbles(from + 8, to, unpackHalf(from), 0, unpackHalf(from + 2), load<u32>(from + 4));
      from += 24;
      to += 128;
    } else if (type == F16) {
      store<f32>(to, unpackHalf(from));
      from += 2;
      to += 4;
    } else {
      store<u32>(to, <u32>load<u16>(from) << 16);
      from += 2;
      to += 4;
    }
  }
}

/** 32 weights (integer + offset) · scale + least: the first 16 in low nibbles, the others in high ones, fifth bits by themselves. */
function nibbles(from: usize, to: usize, scale: f32, offset: i32, least: f32, fifth: u32): void {
  for (let i: usize = 0; i < 16; i++) {
    const pair = <u32>load<u8>(from + i);
    const low = (pair & 15) | (((fifth >> <u32>i) & 1) << 4);
    const high = (pair >> 4) | (((fifth >> <u32>(i + 16)) & 1) << 4);
    store<f32>(to + (i << 2), <f32>(<i32>low + offset) * scale + least);
    store<f32>(to + ((i + 16) << 2), <f32>(<i32>high + offset) * scale + least);
  }
}
