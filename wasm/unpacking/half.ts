/** The f16 at an address as f32, exactly. */
export function unpackHalf(at: usize): f32 {
  const bits = <u32>load<u16>(at);
  const sign = (bits & 0x8000) << 16;
  const exponent = (bits >> 10) & 31;
  const fraction = (bits & 1023) << 13;
  if (exponent == 31) return reinterpret<f32>(sign | 0x7f800000 | fraction);
  // A subnormal is its fraction times 2^-24; the others have their exponent moved by 127 - 15.
  if (exponent == 0) return reinterpret<f32>(sign | reinterpret<u32>(<f32>(bits & 1023) * <f32>5.9604644775390625e-8));
  return reinterpret<f32>(sign | ((exponent + 112) << 23) | fraction);
}
