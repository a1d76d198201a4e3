// Bits of one f16 → bits of its f32, for all 65,536: a look-up is faster than arithmetic on the exponent.
let table: Uint32Array | undefined;

function halfTable(): Uint32Array {
  if (table) return table;
  table = new Uint32Array(1 << 16);
  const float = new Float32Array(1);
  const bits = new Uint32Array(float.buffer);
  for (let half = 0; half < 1 << 16; half++) {
    const exponent = (half >> 10) & 31;
    const fraction = half & 1023;
    if (exponent === 0) float[0] = fraction * 2 ** -24;
    else if (exponent === 31) bits[0] = 0x7f800000 | (fraction << 13);
    else bits[0] = ((exponent + 112) << 23) | (fraction << 13);
    table[half] = (bits[0] | ((half & 0x8000) << 16)) >>> 0;
  }
  return table;
}

/** IEEE 754 binary16 to f32, exactly; `to` is as long as `from`. */
export function widenF16(from: Uint16Array, to: Float32Array): void {
  const bits = new Uint32Array(to.buffer, to.byteOffset, from.length);
  const lookup = halfTable();
  for (let i = 0; i < from.length; i++) bits[i] = lookup[from[i]];
}

/** bfloat16 to f32, exactly: it is an f32's upper half. */
export function widenBf16(from: Uint16Array, to: Float32Array): void {
  const bits = new Uint32Array(to.buffer, to.byteOffset, from.length);
  for (let i = 0; i < from.length; i++) bits[i] = from[i] << 16;
}
