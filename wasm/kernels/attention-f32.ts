import { FAMILIES } from './dtype';
import { softCap } from './soft-cap';
import { exponentials, storeUpTo4 } from './softmax';
import { Layer, Model } from './structs';

// Key-value cache of one head in f32. Keys (positions/4, HS, 4): lanes are positions, so scores need no horizontal
// sum. Values (HS/32, positions, 32): 32 channels (the last chunk may be narrower) form a stream of their own.
// HS padded to 4. A layer has the keys of all its heads, then the values.

/** Writes one token's key and value (HS) to position t of `positions`. */
export function storeF32(
  key: usize, value: usize, keys: usize, values: usize, t: i32, positions: i32, HS: i32,
): void {
  const padded = <usize>(HS + 3) >> 2 << 2;
  const k = keys + (<usize>t >> 2) * (padded << 4) + ((<usize>t & 3) << 2);
  for (let d: usize = 0; d < padded; d++) {
    const chunk = d & ~31;
    const width = min<usize>(32, padded - chunk);
    const v = values + chunk * (<usize>positions << 2) + <usize>t * (width << 2);
    const inside = d < <usize>HS;
    store<f32>(k + (d << 4), inside ? load<f32>(key + (d << 2)) : 0);
    store<f32>(v + ((d - chunk) << 2), inside ? load<f32>(value + (d << 2)) : 0);
  }
}

/** scores [first, last) = scale · q·k_t, in fours from first rounded down to last rounded up. */
function scoresF32(q: usize, keys: usize, first: i32, last: i32, scale: f32, HS: i32, scores: usize): void {
  const blockBytes = <usize>(HS + 3) >> 2 << 6;
  const whole = q + (<usize>(HS & ~3) << 2);
  const qEnd = q + (<usize>HS << 2);
  for (let t = first & ~3; t < last; t += 4) {
    let p = keys + (<usize>t >> 2) * blockBytes;
    let a = f32x4.splat(0.0), b = f32x4.splat(0.0), c = f32x4.splat(0.0), d = f32x4.splat(0.0);
    let at = q;
    for (; at < whole; at += 16) {
      a = f32x4.add(a, f32x4.mul(v128.load(p), v128.load_splat<u32>(at)));
      b = f32x4.add(b, f32x4.mul(v128.load(p, 16), v128.load_splat<u32>(at, 4)));
      c = f32x4.add(c, f32x4.mul(v128.load(p, 32), v128.load_splat<u32>(at, 8)));
      d = f32x4.add(d, f32x4.mul(v128.load(p, 48), v128.load_splat<u32>(at, 12)));
      p += 64;
    }
    for (; at < qEnd; at += 4) {
      a = f32x4.add(a, f32x4.mul(v128.load(p), v128.load_splat<u32>(at)));
      p += 16;
    }
    const sum = f32x4.add(f32x4.add(a, b), f32x4.add(c, d));
    v128.store(scores + (<usize>t << 2), f32x4.mul(sum, f32x4.splat(scale)));
  }
}

/** out (32) = factor · Σ_t w_t v_t over first <= t < last; values (…, 32). */
function weigh32(w: usize, first: i32, last: i32, values: usize, factor: v128, out: usize): void {
  let a0 = f32x4.splat(0.0), a1 = f32x4.splat(0.0), a2 = f32x4.splat(0.0), a3 = f32x4.splat(0.0);
  let a4 = f32x4.splat(0.0), a5 = f32x4.splat(0.0), a6 = f32x4.splat(0.0), a7 = f32x4.splat(0.0);
  for (let t = first; t < last; t++) {
    const u = v128.load_splat<u32>(w + (<usize>t << 2));
    a0 = f32x4.add(a0, f32x4.mul(v128.load(values), u));
    a1 = f32x4.add(a1, f32x4.mul(v128.load(values, 16), u));
    a2 = f32x4.add(a2, f32x4.mul(v128.load(values, 32), u));
    a3 = f32x4.add(a3, f32x4.mul(v128.load(values, 48), u));
    a4 = f32x4.add(a4, f32x4.mul(v128.load(values, 64), u));
    a5 = f32x4.add(a5, f32x4.mul(v128.load(values, 80), u));
    a6 = f32x4.add(a6, f32x4.mul(v128.load(values, 96), u));
    a7 = f32x4.add(a7, f32x4.mul(v128.load(values, 112), u));
    values += 128;
  }
  v128.store(out, f32x4.mul(a0, factor));
  v128.store(out, f32x4.mul(a1, factor), 16);
  v128.store(out, f32x4.mul(a2, factor), 32);
  v128.store(out, f32x4.mul(a3, factor), 48);
  v128.store(out, f32x4.mul(a4, factor), 64);
  v128.store(out, f32x4.mul(a5, factor), 80);
  v128.store(out, f32x4.mul(a6, factor), 96);
  v128.store(out, f32x4.mul(a7, factor), 112);
}

/** Four channels of a chunk `width` wide, from channel d; writes those below `channels` only. */
function weigh4(
  w: usize, first: i32, last: i32, values: usize, width: usize, d: usize, factor: v128, out: usize, channels: usize,
): void {
  let a = f32x4.splat(0.0);
  let p = values + (d << 2);
  for (let t = first; t < last; t++) {
    a = f32x4.add(a, f32x4.mul(v128.load(p), v128.load_splat<u32>(w + (<usize>t << 2))));
    p += width << 2;
  }
  storeUpTo4(out + (d << 2), f32x4.mul(a, factor), channels - d);
}

/** Bytes of keys that stay in the first-level cache while queries that share them pass by. */
const CHUNK_BYTES: i32 = 16384;

/**
 * out (count, HS) = Σ softmax(scale · q·k_t) v_t over first <= t < last for `count` queries (count, HS) that share keys and values,
 * which are read from memory once for all of them. scores (count, contextStride) are left holding the unnormalised
 * probabilities, sums (count) their sums. Vaswani et al., 2017.
 */
export function attendF32(
  m: Model, layer: Layer, query: usize, count: i32, keys: usize, values: usize, first: i32, last: i32, scores: usize,
  sums: usize, out: usize,
): void {
  const HS = m.HS;
  const padded = <usize>(HS + 3) >> 2 << 2;
  const scale = layer.attentionScale;
  const headBytes = <usize>HS << 2;
  const scoresStride = <usize>m.contextStride << 2;
  const step = count == 1 ? last : max<i32>(4, ((CHUNK_BYTES >> 2) / <i32>padded) & ~3);
  for (let t = first & ~3; t < last; t += step) {
    const end = min<i32>(last, t + step);
    for (let i: usize = 0; i < <usize>count; i++) {
      scoresF32(query + i * headBytes, keys, t, end, scale, HS, scores + i * scoresStride);
    }
  }
  for (let i: usize = 0; i < <usize>count; i++) {
    const row = scores + i * scoresStride;
    if (FAMILIES && m.attentionCap > 0) {
      softCap(row + (<usize>(first & ~3) << 2), row + (<usize>last << 2), m.attentionCap);
    }
    store<f32>(sums + (i << 2), exponentials(row, first, last));
  }
  for (let chunk: usize = 0; chunk < padded; chunk += 32) {
    const width = min<usize>(32, padded - chunk);
    const v = values + chunk * (<usize>layer.positions << 2) + <usize>first * (width << 2);
    for (let i: usize = 0; i < <usize>count; i++) {
      const row = scores + i * scoresStride;
      const factor = f32x4.splat(<f32>1.0 / load<f32>(sums + (i << 2)));
      const at = out + i * headBytes + (chunk << 2);
      // A whole chunk at once, unless it is narrower or ends inside the padding: the next head's output follows.
      if (chunk + 32 <= <usize>HS) weigh32(row, first, last, v, factor, at);
      else for (let d: usize = 0; d < width; d += 4) weigh4(row, first, last, v, width, d, factor, at, <usize>HS - chunk);
    }
  }
}
