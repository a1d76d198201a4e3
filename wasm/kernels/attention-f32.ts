// Key-value cache of one head in f32. Keys (positions/4, HS, 4): lanes are positions, so scores need no horizontal
// sum. Values (HS/32, positions, 32): 32 channels (the last chunk may be narrower) form a stream of their own.
// HS padded to 4.

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

/** scores = scale · q·k up to `end`, in fours; q (HS), keys (…, HS, 4). */
export function scoresF32(q: usize, HS: i32, keys: usize, scale: f32, scores: usize, end: usize): void {
  const whole = q + (<usize>(HS & ~3) << 2);
  const qEnd = q + (<usize>HS << 2);
  const padding = <usize>(-HS & 3) << 4;
  for (; scores < end; scores += 16) {
    let a = f32x4.splat(0.0), b = f32x4.splat(0.0), c = f32x4.splat(0.0), d = f32x4.splat(0.0);
    let at = q;
    for (; at < whole; at += 16) {
      a = f32x4.add(a, f32x4.mul(v128.load(keys), v128.load_splat<u32>(at)));
      b = f32x4.add(b, f32x4.mul(v128.load(keys, 16), v128.load_splat<u32>(at, 4)));
      c = f32x4.add(c, f32x4.mul(v128.load(keys, 32), v128.load_splat<u32>(at, 8)));
      d = f32x4.add(d, f32x4.mul(v128.load(keys, 48), v128.load_splat<u32>(at, 12)));
      keys += 64;
    }
    for (; at < qEnd; at += 4) {
      a = f32x4.add(a, f32x4.mul(v128.load(keys), v128.load_splat<u32>(at)));
      keys += 16;
    }
    keys += padding;
    const sum = f32x4.add(f32x4.add(a, b), f32x4.add(c, d));
    v128.store(scores, f32x4.mul(sum, f32x4.splat(scale)));
  }
}

/** y (32) += Σ_t w_t v_t over weights [w, wEnd); values (…, 32). */
function weigh32(w: usize, wEnd: usize, values: usize, y: usize): void {
  let a0 = v128.load(y), a1 = v128.load(y, 16), a2 = v128.load(y, 32), a3 = v128.load(y, 48);
  let a4 = v128.load(y, 64), a5 = v128.load(y, 80), a6 = v128.load(y, 96), a7 = v128.load(y, 112);
  for (; w < wEnd; w += 4) {
    const u = v128.load_splat<u32>(w);
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
  v128.store(y, a0);
  v128.store(y, a1, 16);
  v128.store(y, a2, 32);
  v128.store(y, a3, 48);
  v128.store(y, a4, 64);
  v128.store(y, a5, 80);
  v128.store(y, a6, 96);
  v128.store(y, a7, 112);
}

/** Four channels of a chunk that is `bytes` wide. */
function weigh4(w: usize, wEnd: usize, values: usize, bytes: usize, y: usize): void {
  let a = v128.load(y);
  for (; w < wEnd; w += 4) {
    a = f32x4.add(a, f32x4.mul(v128.load(values), v128.load_splat<u32>(w)));
    values += bytes;
  }
  v128.store(y, a);
}

/** y (HS padded to 4) += Σ_t w_t v_t over weights [w, wEnd) of positions from `t` on of `positions`; values of the head. */
export function weighF32(w: usize, wEnd: usize, values: usize, t: i32, positions: i32, HS: i32, y: usize): void {
  const end = values + <usize>positions * (<usize>(HS + 3) >> 2 << 4);
  let bytes = <usize>(HS + 3) >> 2 << 4;
  for (; values < end; bytes -= 128) {
    const width = min<usize>(128, bytes);
    const from = values + <usize>t * width;
    if (width == 128) weigh32(w, wEnd, from, y);
    else for (let d: usize = 0; d < width; d += 16) weigh4(w, wEnd, from + d, width, y + d);
    values += <usize>positions * width;
    y += 128;
  }
}
