import { exp4 } from '../kernels/exp';
import { sum4 } from '../kernels/layer-norm';
import { softCap } from '../kernels/soft-cap';
import { AttendedStep, BLOCK, firstKey, SCORES_BYTES, SCORES_STRIDE, sharedHead, vectorOf } from './attention-steps';
import { exponential, logarithm } from './logarithm';
import { Machine } from './machine';
import { packRows, packTurned } from './pack-panels';
import { EDGE_BYTES, multiplyPanels, PANEL, panelBytes } from './tile';
import { store4 } from './vector';

// Queries of a block go through the keys before them a block at a time; what those give is summed, lowered by the largest score so far,
// and scaled when a larger one comes (Milakov and Gimelshein, "Online normalizer calculation for softmax", 2018).

// Scratch: an edge, scores, largest scores and sums of the queries, keys, values; sdk/gradients/wasm/encode-attention.ts says how much.
const SCORES_OFFSET: usize = EDGE_BYTES;
const STATES_OFFSET: usize = SCORES_OFFSET + SCORES_BYTES;
const PANELS_OFFSET: usize = STATES_OFFSET + (<usize>BLOCK << 3);

/** Below all scores. */
const LEAST: f32 = -3e38;

/** Blocks of queries of each head are dealt to the threads in turn. */
export function attention(s: AttendedStep, rows: i32, m: Machine): void {
  let turn = 0;
  for (let start = 0; start < rows; ) {
    const end = load<i32>(s.sequenceEnd + (<usize>start << 2));
    // The later a block, the more keys it has: the longest first.
    for (let first = start + ((end - start - 1) & ~(BLOCK - 1)); first >= start; first -= BLOCK) {
      for (let head = 0; head < s.nHead; head++) {
        if (turn++ % m.threads == m.thread) attendBlock(s, start, first, min(end, first + BLOCK), head, m.scratch);
      }
    }
    start = end;
  }
}

/** Rows first … last - 1 of the sequence that begins at `start`. */
function attendBlock(s: AttendedStep, start: i32, first: i32, last: i32, head: i32, scratch: usize): void {
  const HS = s.headSize;
  const count = last - first;
  const out = s.out + <usize>first * s.outStride + (<usize>(head * HS) << 2);
  const states = scratch + STATES_OFFSET;
  for (let r = 0; r < count; r++) {
    store<f32>(states + (<usize>r << 3), LEAST);
    store<f32>(states + (<usize>r << 3), 0, 4);
    memory.fill(out + <usize>r * s.outStride, 0, <usize>HS << 2);
  }
  const keys = scratch + PANELS_OFFSET;
  const keysDistance = panelBytes(HS);
  const values = keys + <usize>(BLOCK / PANEL) * keysDistance;
  const valuesDistance = panelBytes(BLOCK);
  const shared = s.nHead + sharedHead(s, head);
  const query = vectorOf(s, s.qkv, s.qkvStride, first, head);
  for (let key = start + ((firstKey(s, start, first) - start) & ~(BLOCK - 1)); key < last; key += BLOCK) {
    const most = min(BLOCK, last - key);
    packTurned(vectorOf(s, s.qkv, s.qkvStride, key, shared), s.qkvStride, most, HS, s.scale, keys, keysDistance);
    packRows(vectorOf(s, s.qkv, s.qkvStride, key, shared + s.nKvHead), s.qkvStride, most, HS, 1, values, valuesDistance);
    for (let r = 0; r < count; r += 4) {
      const four = min(4, count - r);
      const seen = min(most, first + r + four - key);
      // In whole panels: behind the last key stand zeros.
      const columns = (seen + PANEL - 1) & ~(PANEL - 1);
      const scores = scratch + SCORES_OFFSET + <usize>r * SCORES_STRIDE;
      for (let i = 0; i < four; i++) clear(scores + <usize>i * SCORES_STRIDE, columns);
      multiplyPanels(
        query + <usize>r * s.qkvStride, s.qkvStride, four, keys, keysDistance, HS, columns, scores, SCORES_STRIDE, scratch,
      );
      for (let i = 0; i < four; i++) {
        const row = first + r + i;
        const to = min(seen, row + 1 - key);
        const from = max(0, firstKey(s, start, row) - key);
        const place = out + <usize>(r + i) * s.outStride;
        weigh(s, scores + <usize>i * SCORES_STRIDE, from, to, columns, states + (<usize>(r + i) << 3), place);
      }
      multiplyPanels(
        scores, SCORES_STRIDE, four, values, valuesDistance, seen, HS, out + <usize>r * s.outStride, s.outStride, scratch,
      );
    }
  }
  for (let r = 0; r < count; r++) {
    const sum = load<f32>(states + (<usize>r << 3), 4);
    scaleVector(out + <usize>r * s.outStride, HS, <f32>1 / sum);
    const logSumExp = load<f32>(states + (<usize>r << 3)) + <f32>logarithm(sum);
    store<f32>(s.logSumExp + <usize>(first + r) * s.logSumExpStride + (<usize>head << 2), logSumExp);
  }
}

/** `count` zeros, whole fours. */
function clear(at: usize, count: i32): void {
  for (const end = at + (<usize>count << 2); at < end; at += 16) v128.store(at, f32x4.splat(0));
}

/** Scores of one row -> what its values are weighed with; the others of all `columns`, a multiple of 8, are 0. */
function weigh(s: AttendedStep, scores: usize, from: i32, to: i32, columns: i32, state: usize, out: usize): void {
  if (from >= to) return clear(scores, columns);
  const end = scores + (<usize>columns << 2);
  if (s.softCap > 0) softCap(scores, end, s.softCap);
  fillOutside(scores, from, to, columns, LEAST);
  let most4 = v128.load(scores);
  for (let at = scores + 16; at < end; at += 16) most4 = f32x4.pmax(most4, v128.load(at));
  const old = load<f32>(state);
  const most = max(
    max(old, max(f32x4.extract_lane(most4, 0), f32x4.extract_lane(most4, 1))),
    max(f32x4.extract_lane(most4, 2), f32x4.extract_lane(most4, 3)),
  );
  if (most > old) {
    const factor = exponential(old - most);
    store<f32>(state, most);
    store<f32>(state, load<f32>(state, 4) * factor, 4);
    scaleVector(out, s.headSize, factor);
  }
  most4 = f32x4.splat(most);
  for (let at = scores; at < end; at += 16) v128.store(at, exp4(f32x4.sub(v128.load(at), most4)));
  fillOutside(scores, from, to, columns, 0);
  let sum = f32x4.splat(0);
  for (let at = scores; at < end; at += 16) sum = f32x4.add(sum, v128.load(at));
  store<f32>(state, load<f32>(state, 4) + sum4(sum), 4);
}

function fillOutside(scores: usize, from: i32, to: i32, columns: i32, value: f32): void {
  for (let i = 0; i < from; i++) store<f32>(scores + (<usize>i << 2), value);
  for (let i = to; i < columns; i++) store<f32>(scores + (<usize>i << 2), value);
}

function scaleVector(x: usize, count: i32, factor: f32): void {
  const bytes = <usize>count << 2;
  const factor4 = f32x4.splat(factor);
  for (let at: usize = 0; at < bytes; at += 16) store4(x + at, f32x4.mul(v128.load(x + at), factor4), bytes - at);
}
