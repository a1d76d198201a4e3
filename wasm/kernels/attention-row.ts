import { quantiseHead } from './attention-bytes';
import { flippedSum, QUERY_SHIFT } from './attention-products';
import { ATTENTION_POSITIONS, ATTENTION_ROW_BYTES } from './constants';
import { BYTE_DOTS, DTYPE, F32, FAMILIES } from './dtype';
import { exp4 } from './exp';
import { paddedSize } from './head-cache';
import { largestLane } from './operand';
import { softCap } from './soft-cap';
import { Layer, Model } from './structs';

/** One query on its way through the positions that it sees: what it needs, and how far it has come. */
@unmanaged
export class Row {
  first: i32; // the positions it sees, counted from the first that the layer has
  last: i32; // exclusive
  query: usize; // (HS) f32, or integers, four bytes of them every eight where rows are taken in twos
  output: usize; // what its values sum to, 16 channels every `stride` bytes
  stride: usize;
  factor: f32; // what makes a product of integers a score, but for the key's scale
  flipped: i32; // what makes good that keys were flipped
  most: f32; // the largest score so far, rounded up to an integer where scores are of base 2
  sum: f32; // of e, or 2, to the power of the scores lowered by that
}

/** Bytes of one row's scores of the positions that are taken at once. */
export const SCORES_BYTES: usize = <usize>ATTENTION_POSITIONS << 2;
/** Of base 2 where keys are bytes: those become powers with less work. */
const BASE: f32 = DTYPE == F32 ? 1.0 : 1.442695;

// @ts-ignore: decorator
@inline
export function rowAt(rows: usize, index: i32): Row {
  return changetype<Row>(rows + <usize>(index * ATTENTION_ROW_BYTES));
}

/** Row `index` of a tile before it has seen anything; `last`: where the positions that it sees end. */
export function prepareRow(
  m: Model, layer: Layer, row: Row, query: usize, last: i32, index: i32, inTwos: bool, area: usize,
): void {
  row.last = last;
  row.first = layer.window > 0 ? max<i32>(0, last - layer.window) : 0;
  row.most = -Infinity;
  row.sum = 0.0;
  // Two queries, and what becomes of them, take turns every few bytes.
  const one = <usize>(inTwos ? index & ~1 : index);
  const other = <usize>index - one;
  const padded = paddedSize(m);
  row.output = area + m.outputsOffset + one * (padded << 2) + (other << 6);
  row.stride = inTwos ? 128 : 64;
  for (let c: usize = 0; c < padded; c += 16) memory.fill(row.output + (c >> 4) * row.stride, 0, 64);
  if (DTYPE == F32) {
    row.query = query;
    row.factor = layer.attentionScale;
    return;
  }
  const bytes = padded << QUERY_SHIFT;
  const ints = area + m.headOffset;
  row.factor = quantiseHead(query, ints, ints + (padded << 2), m.HS, !BYTE_DOTS) * layer.attentionScale * BASE;
  row.flipped = flippedSum(ints, bytes);
  row.query = area + m.queryOffset + one * bytes + (other << 2);
  const shift: usize = inTwos ? 1 : 0;
  for (let i: usize = 0; i < bytes; i += 4) store<u32>(row.query + (i << shift), load<u32>(ints + i));
}

/**
 * Scores of positions from … to - 1, a multiple of 16: capped, and none where the row does not look. If one is larger than all before,
 * what the row has is scaled to it. Returns the end of the scores.
 */
export function raise(m: Model, row: Row, scores: usize, from: i32, to: i32): usize {
  const end = scores + (<usize>(to - from) << 2);
  if (FAMILIES && m.attentionCap > 0) softCap(scores, end, m.attentionCap * BASE);
  const first = min<i32>(row.first, to);
  for (let t = from; t < first; t++) store<f32>(scores + (<usize>(t - from) << 2), -Infinity);
  for (let t = max<i32>(row.last, from); t < to; t++) store<f32>(scores + (<usize>(t - from) << 2), -Infinity);
  let largest = f32x4.splat(-Infinity), others = largest;
  for (let at = scores; at < end; at += 32) {
    largest = f32x4.pmax(largest, v128.load(at));
    others = f32x4.pmax(others, v128.load(at, 16));
  }
  let most = largestLane(f32x4.pmax(largest, others));
  if (DTYPE != F32) most = ceil(most);
  if (most > row.most) {
    const factor = power(row.most - most);
    row.sum = f32x4.extract_lane(factor, 0) * row.sum;
    let y = row.output;
    for (let c: usize = 0; c < paddedSize(m); c += 16) {
      for (let i: usize = 0; i < 64; i += 16) v128.store(y + i, f32x4.mul(v128.load(y + i), factor));
      y += row.stride;
    }
    row.most = most;
  }
  return end;
}

/** e^x, or 2^x for an integer, in all lanes; x <= 0. */
function power(x: f32): v128 {
  if (DTYPE == F32) return exp4(f32x4.splat(x));
  return f32x4.splat(x < -126.0 ? <f32>0.0 : reinterpret<f32>((<i32>x + 127) << 23));
}
