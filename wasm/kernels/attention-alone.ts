import { powersOf2, quantiseWeights } from './attention-bytes';
import { scoresF32, weighF32 } from './attention-f32';
import { scoresOf1, weigh1, weightsEnd } from './attention-products';
import { raise, Row, SCORES_BYTES } from './attention-row';
import { DTYPE, F32 } from './dtype';
import { keyScalesOf, keysOf, paddedSize, valueScalesOf, valuesOf } from './head-cache';
import { exponentials } from './softmax';
import { Layer, Model } from './structs';

/** One row over those of positions t … end - 1 that it sees. */
export function attendAlone(m: Model, layer: Layer, shared: i32, row: Row, t: i32, end: i32, area: usize): void {
  const from = max<i32>(t, row.first & ~15);
  const to = min<i32>(end, (row.last + 15) & ~15);
  if (from >= to) return;
  const scores = area + m.scoresOffset;
  powersOfRow(m, layer, shared, row, from, to, scores);
  if (DTYPE == F32) {
    const first = max<i32>(from, row.first), last = min<i32>(to, row.last);
    const w = scores + (<usize>(first - from) << 2);
    const wEnd = scores + (<usize>(last - from) << 2);
    weighF32(w, wEnd, valuesOf(m, layer, shared, 0, 0), first, layer.positions, m.HS, row.output);
    return;
  }
  const weights = scores + 2 * SCORES_BYTES;
  quantiseWeights(scores, to - from, valueScalesOf(m, layer, shared, from), weights);
  let values = valuesOf(m, layer, shared, from, 16);
  let y = row.output;
  for (let c: usize = 0; c < paddedSize(m); c += 16) {
    weigh1(weights, weightsEnd(weights, to - from), values, y);
    values += <usize>layer.positions << 4;
    y += 64;
  }
}

/** Unnormalised probabilities of positions from … to - 1 in `scores`; the row takes their sum. */
function powersOfRow(m: Model, layer: Layer, shared: i32, row: Row, from: i32, to: i32, scores: usize): void {
  const keys = keysOf(m, layer, shared, from);
  const scoresEnd = scores + (<usize>(to - from) << 2);
  if (DTYPE == F32) scoresF32(row.query, m.HS, keys, row.factor, scores, scoresEnd);
  else {
    const scales = keyScalesOf(m, layer, shared, from);
    scoresOf1(row.query, paddedSize(m), keys, scales, row.factor, row.flipped, scores, scoresEnd);
  }
  raise(m, row, scores, from, to);
  row.sum += DTYPE == F32 ? exponentials(scores, scoresEnd, row.most) : powersOf2(scores, scoresEnd, row.most);
}

/** Probabilities of a row that has seen everything, for positions from `base` of the text on, zero elsewhere; in `out`. */
export function keepProbabilities(m: Model, layer: Layer, shared: i32, row: Row, out: usize, area: usize): void {
  const scores = area + m.scoresOffset;
  memory.fill(out, 0, <usize>m.probabilitiesStride << 2);
  const sum = row.sum;
  for (let t = row.first & ~15; t < row.last; t += 16) {
    powersOfRow(m, layer, shared, row, t, t + 16, scores);
    for (let i = max<i32>(t, row.first); i < min<i32>(t + 16, row.last); i++) {
      store<f32>(out + (<usize>(layer.base + i) << 2), load<f32>(scores + (<usize>(i - t) << 2)) / sum);
    }
  }
}
