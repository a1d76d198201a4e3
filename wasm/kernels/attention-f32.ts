import { exponentials } from './softmax';

// Key-value cache of one head in f32. Keys (nCtx/4, HS, 4): lanes are positions, so scores need no horizontal
// sum. Values (nCtx, HS padded to 4).

/** Writes one token's key and value (HS) to position t. */
export function storeF32(key: usize, value: usize, keys: usize, values: usize, t: i32, HS: i32): void {
  const padded = <usize>(HS + 3) >> 2 << 2;
  const k = keys + ((<usize>t >> 2) * (padded << 4)) + ((<usize>t & 3) << 2);
  const v = values + <usize>t * (padded << 2);
  for (let d: usize = 0; d < <usize>HS; d++) {
    store<f32>(k + (d << 4), load<f32>(key + (d << 2)));
    store<f32>(v + (d << 2), load<f32>(value + (d << 2)));
  }
  for (let d: usize = HS; d < padded; d++) {
    store<f32>(k + (d << 4), 0);
    store<f32>(v + (d << 2), 0);
  }
}

/**
 * out (HS) = Σ softmax(scale · q·k_t) v_t over first <= t < last. query (HS), scores room for nCtx floats,
 * left holding the unnormalised probabilities; returns their sum. Vaswani et al., 2017.
 */
export function attendF32(
  query: usize, keys: usize, values: usize, first: i32, last: i32, scale: f32, HS: i32, scores: usize, out: usize,
): f32 {
  const padded = <usize>(HS + 3) >> 2 << 2;
  const to = (last + 3) & ~3;
  for (let t = first & ~3; t < to; t += 4) {
    let p = keys + (<usize>t >> 2) * (padded << 4);
    let a = f32x4.splat(0.0), b = f32x4.splat(0.0);
    let q = query;
    const even = query + (<usize>(HS & ~1) << 2);
    while (q < even) {
      a = f32x4.add(a, f32x4.mul(v128.load(p), v128.load_splat<u32>(q)));
      b = f32x4.add(b, f32x4.mul(v128.load(p, 16), v128.load_splat<u32>(q, 4)));
      p += 32;
      q += 8;
    }
    if (HS & 1) a = f32x4.add(a, f32x4.mul(v128.load(p), v128.load_splat<u32>(q)));
    v128.store(scores + (<usize>t << 2), f32x4.mul(f32x4.add(a, b), f32x4.splat(scale)));
  }
  const sum = exponentials(scores, first, last);
  const factor: f32 = <f32>1.0 / sum;
  const rowBytes = padded << 2;
  for (let d: usize = 0; d < rowBytes; d += 16) {
    let a = f32x4.splat(0.0), b = f32x4.splat(0.0);
    let p = values + <usize>first * rowBytes + d;
    let t = first;
    for (; t + 1 < last; t += 2) {
      const s = scores + (<usize>t << 2);
      a = f32x4.add(a, f32x4.mul(v128.load(p), v128.load_splat<u32>(s)));
      b = f32x4.add(b, f32x4.mul(v128.load(p + rowBytes), v128.load_splat<u32>(s, 4)));
      p += rowBytes << 1;
    }
    if (t < last) a = f32x4.add(a, f32x4.mul(v128.load(p), v128.load_splat<u32>(scores + (<usize>t << 2))));
    a = f32x4.mul(f32x4.add(a, b), f32x4.splat(factor));
    const remaining = <usize>HS - (d >> 2);
    if (remaining >= 4) v128.store(out + d, a);
    else {
      // The next head's output follows at once.
      store<f32>(out + d, f32x4.extract_lane(a, 0));
      if (remaining > 1) store<f32>(out + d, f32x4.extract_lane(a, 1), 4);
      if (remaining > 2) store<f32>(out + d, f32x4.extract_lane(a, 2), 8);
    }
  }
  return sum;
}
