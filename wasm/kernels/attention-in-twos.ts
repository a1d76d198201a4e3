import { powersOf2, quantiseWeights } from './attention-bytes';
import { BYTE_VALUES, QUERY_SHIFT, scoresOf2, WEIGHT_SHIFT, weigh2, weightsEnd, widen } from './attention-products';
import { raise, Row, rowAt, SCORES_BYTES } from './attention-row';
import { BYTE_DOTS } from './dtype';
import { keyScalesOf, keysOf, paddedSize, valueScalesOf, valuesOf } from './head-cache';
import { Layer, Model } from './structs';

/** The first `n` rows, two by two, over positions t … end - 1, of which those that neither sees are left out. */
export function attendInTwos(
  m: Model, layer: Layer, shared: i32, rows: usize, n: i32, t: i32, end: i32, area: usize,
): void {
  const padded = paddedSize(m);
  const scores = area + m.scoresOffset;
  const weights = scores + 2 * SCORES_BYTES;
  let keys = keysOf(m, layer, shared, t);
  let values = valuesOf(m, layer, shared, t, 16);
  let valueStride = <usize>layer.positions << 4;
  const wide = area + m.wideOffset;
  if (!BYTE_DOTS) {
    widen(keys, keys + <usize>(end - t) * padded, wide);
    keys = wide;
  }
  if (!BYTE_VALUES) {
    const bytes = <usize>(end - t) << 4;
    const wideValues = wide + <usize>(end - t) * (padded << 1);
    for (let i: usize = 0; i < padded >> 4; i++) {
      widen(values, values + bytes, wideValues + i * (bytes << 1));
      values += valueStride;
    }
    values = wideValues;
    valueStride = bytes << 1;
  }
  for (let i = 0; i < n; i += 2) {
    const a = rowAt(rows, i), b = rowAt(rows, i + 1);
    const from = max<i32>(t, a.first & ~15);
    const to = min<i32>(end, (b.last + 15) & ~15);
    if (from >= to) continue;
    const skipped = <usize>(from - t);
    scoresOf2(
      a.query, padded, keys + skipped * (padded << QUERY_SHIFT), keyScalesOf(m, layer, shared, from), a.factor, b.factor, a.flipped,
      b.flipped, scores, scores + (<usize>(to - from) << 2),
    );
    const scales = valueScalesOf(m, layer, shared, from);
    weightsOfRow(m, a, scores, from, to, scales, weights);
    weightsOfRow(m, b, scores + SCORES_BYTES, from, to, scales, weights + SCORES_BYTES);
    let v = values + skipped * (16 << WEIGHT_SHIFT);
    let y = a.output;
    for (let c: usize = 0; c < padded; c += 16) {
      weigh2(weights, weightsEnd(weights, to - from), v, y);
      v += valueStride;
      y += 128;
    }
  }
}

function weightsOfRow(m: Model, row: Row, scores: usize, from: i32, to: i32, scales: usize, weights: usize): void {
  const end = raise(m, row, scores, from, to);
  row.sum += powersOf2(scores, end, row.most);
  quantiseWeights(scores, to - from, scales, weights);
}
