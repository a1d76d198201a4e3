// Float32Array and Uint32Array over the same four bytes, made on first use.
let float: Float32Array;
let bits: Uint32Array | undefined;

/** Puts a number where `bits` shows its bits. */
function asBits(value: number): Uint32Array {
  if (!bits) {
    float = new Float32Array(1);
    bits = new Uint32Array(float.buffer);
  }
  float[0] = value;
  return bits;
}

/** The f16 nearest to a number (ties to even), as bits. Float16Array does the same, where a platform has it. */
export function toHalf(value: number): number {
  const view = asBits(value);
  const x = view[0];
  const sign = (x >>> 16) & 0x8000;
  const magnitude = x & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00; // NaN
  if (magnitude >= 0x47800000) return sign | 0x7c00; // 65536 and more
  if (magnitude < 0x38800000) {
    // Subnormal in f16: the addition of 0.5 lets the FPU shift and round.
    float[0] = Math.abs(value) + 0.5;
    return sign | (view[0] - 0x3f000000);
  }
  return sign | ((magnitude - 0x38000000 + 0xfff + ((magnitude >>> 13) & 1)) >>> 13);
}

/** The number that bf16 bits stand for: an f32's upper half. */
export function fromBf16(half: number): number {
  asBits(0)[0] = half << 16;
  return float[0];
}

/** The number that f16 bits stand for. */
export function fromHalf(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >>> 10) & 31;
  const fraction = half & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
