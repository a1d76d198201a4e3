import { Part } from './part';
import { rmsNorm } from './rms-norm';
import { Layer, Model } from './structs';

/**
 * x (size, …) turned in place: value i together with value i + size / 2 (Su et al., RoFormer, 2021). `row` holds cos and sin
 * of each pair, (size).
 */
export function rotate(x: usize, row: usize, size: i32): void {
  const half = <usize>(size >> 1) << 2;
  const whole = x + (half & ~15);
  const end = x + half;
  for (; x < whole; x += 16) {
    const p = v128.load(row), q = v128.load(row, 16);
    const cos = v128.shuffle<f32>(p, q, 0, 2, 4, 6), sin = v128.shuffle<f32>(p, q, 1, 3, 5, 7);
    const a = v128.load(x), b = v128.load(x + half);
    v128.store(x, f32x4.sub(f32x4.mul(a, cos), f32x4.mul(b, sin)));
    v128.store(x + half, f32x4.add(f32x4.mul(b, cos), f32x4.mul(a, sin)));
    row += 32;
  }
  for (; x < end; x += 4) {
    const cos = load<f32>(row), sin = load<f32>(row, 4);
    const a = load<f32>(x), b = load<f32>(x + half);
    store<f32>(x, a * cos - b * sin);
    store<f32>(x + half, b * cos + a * sin);
    row += 8;
  }
}

/** Queries and keys (T, A + K) of a part's tokens, normalised and turned in place where the layer does so, each token by one thread. */
export function turnHeads(m: Model, p: Part, layer: Layer): void {
  const HS = m.HS;
  const headBytes = <usize>HS << 2;
  for (let t = p.first + p.share; t < p.first + p.T; t += p.shares) {
    let at = m.qkv + (<usize>(t * m.qkvStride) << 2);
    const keys = at + <usize>m.NH * headBytes;
    if (layer.queryNorm && m.jointNorm) {
      rmsNorm(at, layer.queryNorm, at, m.NH * HS, m.epsilon);
      rmsNorm(keys, layer.keyNorm, keys, m.NKV * HS, m.epsilon);
    }
    const angles = layer.rotary + (<usize>(t * layer.rotarySize) << 2);
    for (const end = keys + <usize>m.NKV * headBytes; at < end; at += headBytes) {
      if (layer.queryNorm && !m.jointNorm) {
        rmsNorm(at, at < keys ? layer.queryNorm : layer.keyNorm, at, HS, m.epsilon);
      }
      if (layer.rotary) rotate(at, angles, layer.rotarySize);
    }
  }
}
