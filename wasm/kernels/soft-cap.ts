import { exp4 } from './exp';

/** cap · tanh(x / cap) of the values in [x, end), in fours, in place (Gemma 2). */
export function softCap(x: usize, end: usize, cap: f32): void {
  const factor = f32x4.splat(<f32>-2.0 / cap);
  const one = f32x4.splat(1.0);
  const twice = f32x4.splat(2.0 * cap);
  for (; x < end; x += 16) {
    // tanh x = 2 / (1 + e^-2x) - 1
    const e = exp4(f32x4.mul(v128.load(x), factor));
    v128.store(x, f32x4.sub(f32x4.div(twice, f32x4.add(one, e)), f32x4.splat(cap)));
  }
}
