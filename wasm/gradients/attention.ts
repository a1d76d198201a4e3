import { exp4 } from '../kernels/exp';
import { softCap } from '../kernels/soft-cap';
import { AttendedStep, BLOCK, firstKey, SCORES_BYTES, SCORES_STRIDE, sharedHead, vectorOf } from './attention-steps';
import { Machine } from './machine';
import { packRows, packTurned } from './pack-panels';
import { EDGE_BYTES, multiplyPanels, PANEL, panelBytes } from './tile';

// Queries of a block go through the keys before them a block at a time; what those give is summed, lowered by the largest score so far,
// and scaled when a larger one comes (Milakov and Gimelshein, "Online normalizer calculation for softmax", 2018).

// Scratch: an edge, scores, largest scores and sums of the queries, keys, values; sdk/gradients/wasm/encode-attention.ts says how much.
const SCORES_OFFSET: usize = EDGE_BYTES;
const STATES_OFFSET: usize = SCORES_OFFSET + SCORES_BYTES;
const PANELS_OFFSET: usize = STATES_OFFSET + (<usize>BLOCK << 3);

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
    store<f32>(states + (<usize>r << 3), -3e38);
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
      const scores = scratch + SCORES_OFFSET + <usize>r * SCORES_STRIDE;
      for (let i = 0; i < four; i++) {
        // Whole fours: behind the last key the smallest of scores.
        const row = scores + <usize>i * SCORES_STRIDE;
        const end = row + (<usize>seen << 2);
        for (let at = row; at < end; at += 16) v128.store(at, f32x4.splat(0));
      }
      multiplyPanels(
        query + <usize>r * s.qkvStride, s.qkvStride, four, keys, keysDistance, HS, seen, scores, SCORES_STRIDE, scratch,
      );
      for (let i = 0; i < four; i++) {
        const row = first + r + i;
        const to = min(seen, row + 1 - key);
        const from = max(0, firstKey(s, start, row) - key);
        const place = out + <usize>(r + i) * s.outStride;
        weigh(s, scores + <usize>i * SCORES_STRIDE, from, to, seen, states + (<usize>(r + i) << 3), place);
      }
      multiplyPanels(
        scores, SCORES_STRIDE, four, values, valuesDistance, seen, HS, out + <usize>r * s.outStride, s.outStride, scratch,
      );
    }
  }
  for (let r = 0; r < count; r++) {
    const sum = load<f32>(states + (<usize>r << 3), 4);
    scaleVector(out + <usize>r * s.outStride, HS, <f32>1 / sum);
    const logarithm = load<f32>(states + (<usize>r << 3)) + <f32>Math.log(sum);
    store<f32>(s.logSumExp + <usize>(first + r) * s.logSumExpStride + (<usize>head << 2), logarithm);
  }
}

/** Scores of one row -> what its values are weighed with; the others of all `seen` are 0. */
function weigh(s: AttendedStep, scores: usize, from: i32, to: i32, seen: i32, state: usize, out: usize): void {
  const end = scores + (<usize>seen << 2);
  if (from < to) {
    if (s.softCap > 0) softCap(scores, end, s.softCap);
    const old = load<f32>(state);
    let largest = old;
    for (let i = from; i < to; i++) largest = max(largest, load<f32>(scores + (<usize>i << 2)));
    const lower = f32x4.splat(largest);
    for (let at = scores; at < end; at += 16) v128.store(at, exp4(f32x4.sub(v128.load(at), lower)));
    if (largest > old) {
      const factor = f32x4.extract_lane(exp4(f32x4.splat(old - largest)), 0);
      store<f32>(state, largest);
      store<f32>(state, load<f32>(state, 4) * factor, 4);
      scaleVector(out, s.headSize, factor);
    }
    let sum = load<f32>(state, 4);
    for (let i = from; i < to; i++) sum += load<f32>(scores + (<usize>i << 2));
    store<f32>(state, sum, 4);
  } else to = from = 0;
  for (let i = 0; i < from; i++) store<f32>(scores + (<usize>i << 2), 0);
  for (let i = to; i < seen; i++) store<f32>(scores + (<usize>i << 2), 0);
}

function scaleVector(x: usize, count: i32, factor: f32): void {
  for (const end = x + (<usize>count << 2); x < end; x += 4) store<f32>(x, load<f32>(x) * factor);
}
