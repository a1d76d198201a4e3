// ggml's "K" formats: 256 weights with a scale of f16, in blocks whose own scales are integers.
import { unpackHalf } from './half';

/** Six bits of the 12 bytes that hold eight scales (`part` 0) and eight minima (`part` 4) of Q4_K and Q5_K. */
function sixBits(from: usize, block: usize, part: usize): f32 {
  if (block < 4) return <f32>(load<u8>(from + part + block) & 63);
  const shared = load<u8>(from + 4 + block);
  const low = part == 0 ? shared & 15 : shared >> 4;
  return <f32>(low | ((load<u8>(from + part + block - 4) >> 6) << 4));
}

/** d, least d (f16), 12 bytes of scales and minima, 128 bytes: of 64 weights each, 32 in low nibbles and 32 in high ones. */
export function unpackQ4K(from: usize, to: usize): void {
  unpackWithMinima(from, to, from + 16, 0);
}

/** As Q4_K, with 32 bytes of fifth bits before the nibbles: bit `block` of byte i is weight i's. */
export function unpackQ5K(from: usize, to: usize): void {
  unpackWithMinima(from, to, from + 48, from + 16);
}

function unpackWithMinima(from: usize, to: usize, nibbles: usize, fifth: usize): void {
  const d = unpackHalf(from);
  const least = unpackHalf(from + 2);
  for (let block: usize = 0; block < 8; block++) {
    const scale = d * sixBits(from + 4, block, 0);
    const minimum = least * sixBits(from + 4, block, 4);
    const bytes = nibbles + ((block >> 1) << 5);
    const shift = <u32>(block & 1) << 2;
    for (let i: usize = 0; i < 32; i++) {
      let integer = (<u32>load<u8>(bytes + i) >> shift) & 15;
      if (fifth) integer |= ((<u32>load<u8>(fifth + i) >> <u32>block) & 1) << 4;
      store<f32>(to, scale * <f32>integer - minimum);
      to += 4;
    }
  }
}

/** 128 bytes of low nibbles, 64 of two high bits, 16 scales (i8) of 16 weights each, d (f16); 32 is taken off each integer. */
export function unpackQ6K(from: usize, to: usize): void {
  const d = unpackHalf(from + 208);
  for (let block: usize = 0; block < 16; block++) {
    const scale = d * <f32>load<i8>(from + 192 + block);
    const half = block >> 3;
    const quarter = (block >> 1) & 3;
    const at = (block & 1) << 4;
    const low = from + (half << 6) + ((quarter & 1) << 5) + at;
    const high = from + 128 + (half << 5) + at;
    const lowShift = <u32>(quarter >> 1) << 2;
    const highShift = <u32>quarter << 1;
    for (let i: usize = 0; i < 16; i++) {
      const integer = ((<u32>load<u8>(low + i) >> lowShift) & 15) | (((<u32>load<u8>(high + i) >> highShift) & 3) << 4);
      store<f32>(to, scale * <f32>(<i32>integer - 32));
      to += 4;
    }
  }
}
