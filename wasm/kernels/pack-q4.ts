import { sum4 } from './layer-norm';

/** Σ (w - scale · q)² over 32 weights with q = round(w / scale) in -8..7. */
function squaredError(w: usize, scale: f32): f32 {
  const factor = f32x4.splat(<f32>1.0 / scale);
  const scale4 = f32x4.splat(scale);
  let sum = f32x4.splat(0.0);
  for (let i = 0; i < 128; i += 16) {
    const v = v128.load(w + i);
    const q = f32x4.min(f32x4.max(f32x4.nearest(f32x4.mul(v, factor)), f32x4.splat(-8.0)), f32x4.splat(7.0));
    const d = f32x4.sub(v, f32x4.mul(q, scale4));
    sum = f32x4.add(sum, f32x4.mul(d, d));
  }
  return sum4(sum);
}

/** Rounded to the nearest bf16. */
// @ts-ignore: decorator
@inline
function toBf16(value: f32): f32 {
  return reinterpret<f32>((reinterpret<u32>(value) + 0x8000) & 0xffff0000);
}

/**
 * The scale with the least squared error among a few: the extreme weight is put at every half step from
 * -10 to -7 and from 7 to 9.5. Clipping one extreme a little often pays for all the others.
 */
function bestScale(w: usize): f32 {
  let extreme: f32 = 0;
  for (let i = 0; i < 128; i += 4) {
    const v = load<f32>(w + i);
    if (abs<f32>(v) > abs<f32>(extreme)) extreme = v;
  }
  // Below this the reciprocal overflows; such weights are zero to any model.
  if (abs<f32>(extreme) < 1e-30) return 0;
  let best: f32 = 0;
  let least: f32 = f32.MAX_VALUE;
  for (let i = 0; i < 13; i++) {
    const place: f32 = i < 7 ? <f32>-10.0 + <f32>0.5 * <f32>i : <f32>3.5 + <f32>0.5 * <f32>i;
    const scale = toBf16(extreme / place);
    const error = squaredError(w, scale);
    if (error < least) {
      least = error;
      best = scale;
    }
  }
  return best;
}

/** row (K) f32 -> its places in a q4 block, 32 weights to a scale; `lane` (0..15) is the row's place in the block. */
export function pack4(row: usize, block: usize, lane: usize, K: i32): void {
  const shift = <u32>lane >> 2 << 2;
  // The topmost nibble of an i16 carries its sign; the others are unsigned, see pack.ts.
  const offset = lane < 12 ? 8 : 0;
  let out = block + ((lane & 3) << 2);
  for (let k = 0; k < K; k += 32) {
    const from = row + (<usize>k << 2);
    const scale = bestScale(from);
    const factor: f32 = scale != 0 ? <f32>1.0 / scale : 0;
    for (let i: usize = 0; i < 32; i++) {
      const q = <i32>min<f32>(max<f32>(nearest<f32>(load<f32>(from + (i << 2)) * factor), -8), 7);
      const at = out + (i >> 1 << 4) + ((i & 1) << 1);
      store<u16>(at, <u16>((<u32>load<u16>(at) & ~(<u32>15 << shift)) | ((<u32>(q + offset) & 15) << shift)));
    }
    store<u16>(out - ((lane & 3) << 2) + 256 + (lane << 1), <u16>(reinterpret<u32>(scale) >> 16));
    out += 288;
  }
}
