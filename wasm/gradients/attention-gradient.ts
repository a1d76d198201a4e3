import { exp4 } from '../kernels/exp';
import { sum4 } from '../kernels/layer-norm';
import { softCap } from '../kernels/soft-cap';
import { AttentionGradientStep, BLOCK, firstKey, SCORES_BYTES, SCORES_STRIDE, sharedHead, vectorOf } from './attention-steps';
import { Machine } from './machine';
import { packRows, packTurned, turn } from './pack-panels';
import { EDGE_BYTES, multiplyPanels, PANEL, panelBytes } from './tile';
import { keep4 } from './vector';

// As "FlashAttention" (Dao et al., 2022) goes back: probabilities are made again from the logarithms of their sums, block by block. Scores
// stand turned, (keys, queries), since the gradients of keys and values sum over queries; only queries' need them the other way.

// Scratch: an edge, probabilities and gradients of scores (keys, queries), those turned, two numbers of each query, panels; sdk/gradients/wasm/encode-attention.ts
// says how much.
const SCORES_OFFSET: usize = EDGE_BYTES;
const GRADIENTS_OFFSET: usize = SCORES_OFFSET + SCORES_BYTES;
const TURNED_OFFSET: usize = GRADIENTS_OFFSET + SCORES_BYTES;
const LOGARITHMS_OFFSET: usize = TURNED_OFFSET + SCORES_BYTES;
const MEANS_OFFSET: usize = LOGARITHMS_OFFSET + (<usize>BLOCK << 2);
const PANELS_OFFSET: usize = MEANS_OFFSET + (<usize>BLOCK << 2);

/** Heads of keys of each sequence are dealt to the threads in turn: one thread sums what all queries add to a key. */
export function attentionGradient(s: AttentionGradientStep, rows: i32, m: Machine): void {
  let turn = 0;
  for (let start = 0; start < rows; ) {
    const end = load<i32>(s.sequenceEnd + (<usize>start << 2));
    for (let shared = 0; shared < s.nKvHead; shared++) {
      if (turn++ % m.threads == m.thread) sequenceGradient(s, start, end, shared, m.scratch);
    }
    start = end;
  }
}

function sequenceGradient(s: AttentionGradientStep, start: i32, end: i32, shared: i32, scratch: usize): void {
  clear(s, start, end, s.nHead + shared);
  clear(s, start, end, s.nHead + s.nKvHead + shared);
  for (let head = 0; head < s.nHead; head++) {
    if (sharedHead(s, head) != shared) continue;
    clear(s, start, end, head);
    for (let first = start; first < end; first += BLOCK) {
      blockGradient(s, start, first, min(end, first + BLOCK), head, shared, scratch);
    }
  }
}

/** dQkv = 0 in vector `at` of the rows. */
function clear(s: AttentionGradientStep, start: i32, end: i32, at: i32): void {
  for (let n = start; n < end; n++) memory.fill(vectorOf(s, s.dQkv, s.dQkvStride, n, at), 0, <usize>s.headSize << 2);
}

/** Adds what queries first … last - 1 of a head give to themselves, and to the keys and values that they see. */
function blockGradient(
  s: AttentionGradientStep, start: i32, first: i32, last: i32, head: i32, shared: i32, scratch: usize,
): void {
  const HS = s.headSize;
  const count = last - first;
  const across = panelBytes(HS);
  const along = panelBytes(BLOCK);
  const across64 = <usize>(BLOCK / PANEL) * across;
  const alongHead = <usize>((HS + PANEL - 1) / PANEL) * along;
  const queriesTurned = scratch + PANELS_OFFSET;
  const dOutTurned = queriesTurned + across64;
  const queries = dOutTurned + across64;
  const dOut = queries + alongHead;
  const keys = dOut + alongHead;
  const query = vectorOf(s, s.qkv, s.qkvStride, first, head);
  const dQuery = vectorOf(s, s.dQkv, s.dQkvStride, first, head);
  const at = <usize>(head * HS) << 2;
  const dOutRows = s.dOut + <usize>first * s.dOutStride + at;
  packTurned(query, s.qkvStride, count, HS, s.scale, queriesTurned, across);
  packTurned(dOutRows, s.dOutStride, count, HS, 1, dOutTurned, across);
  packRows(query, s.qkvStride, count, HS, s.scale, queries, along);
  packRows(dOutRows, s.dOutStride, count, HS, 1, dOut, along);
  for (let r = 0; r < count; r++) {
    const out = s.out + <usize>(first + r) * s.outStride + at;
    const logarithm = load<f32>(s.logSumExp + <usize>(first + r) * s.logSumExpStride + (<usize>head << 2));
    store<f32>(scratch + LOGARITHMS_OFFSET + (<usize>r << 2), logarithm);
    store<f32>(scratch + MEANS_OFFSET + (<usize>r << 2), dot(out, dOutRows + <usize>r * s.dOutStride, HS));
  }
  const keyAt = s.nHead + shared;
  const valueAt = keyAt + s.nKvHead;
  const scores = scratch + SCORES_OFFSET;
  const gradients = scratch + GRADIENTS_OFFSET;
  const turned = scratch + TURNED_OFFSET;
  for (let key = start + ((firstKey(s, start, first) - start) & ~(BLOCK - 1)); key < last; key += BLOCK) {
    const most = min(BLOCK, last - key);
    memory.fill(scores, 0, 2 * SCORES_BYTES);
    for (let k = 0; k < most; k += 4) {
      const four = min(4, most - k);
      // Queries before all four keys are left out, in whole panels.
      const from = max(0, key + k - first) & ~(PANEL - 1);
      const columns = count - from;
      // In whole panels: behind the last query stand zeros.
      const whole = (columns + PANEL - 1) & ~(PANEL - 1);
      const panel = <usize>(from / PANEL) * across;
      const row = <usize>k * SCORES_STRIDE + (<usize>from << 2);
      const keyRows = vectorOf(s, s.qkv, s.qkvStride, key + k, keyAt);
      const valueRows = vectorOf(s, s.qkv, s.qkvStride, key + k, valueAt);
      multiplyPanels(
        keyRows, s.qkvStride, four, queriesTurned + panel, across, HS, whole, scores + row, SCORES_STRIDE, scratch,
      );
      multiplyPanels(
        valueRows, s.qkvStride, four, dOutTurned + panel, across, HS, whole, gradients + row, SCORES_STRIDE, scratch,
      );
      for (let i = 0; i < four; i++) {
        scoreGradients(s, key + k + i, first, from, count, <usize>(k + i) * SCORES_STRIDE, scratch);
      }
      const dKeys = vectorOf(s, s.dQkv, s.dQkvStride, key + k, keyAt);
      const dValues = vectorOf(s, s.dQkv, s.dQkvStride, key + k, valueAt);
      const skipped = <usize>from << 5;
      multiplyPanels(
        gradients + row, SCORES_STRIDE, four, queries + skipped, along, columns, HS, dKeys, s.dQkvStride, scratch,
      );
      multiplyPanels(
        scores + row, SCORES_STRIDE, four, dOut + skipped, along, columns, HS, dValues, s.dQkvStride, scratch,
      );
    }
    turn(gradients, SCORES_STRIDE, most, count, 1, turned, SCORES_STRIDE);
    packRows(vectorOf(s, s.qkv, s.qkvStride, key, keyAt), s.qkvStride, most, HS, s.scale, keys, along);
    for (let r = 0; r < count; r += 4) {
      const four = min(4, count - r);
      const seen = min(most, first + r + four - key);
      multiplyPanels(
        turned + <usize>r * SCORES_STRIDE, SCORES_STRIDE, four, keys, along, seen, HS, dQuery + <usize>r * s.dQkvStride,
        s.dQkvStride, scratch,
      );
    }
  }
}

/**
 * One key's scores with queries `from` … `count` - 1 of the block -> probabilities p, and what goes with them (dOut · value) -> gradients of
 * the products of queries and keys.
 */
function scoreGradients(
  s: AttentionGradientStep, key: i32, first: i32, from: i32, count: i32, row: usize, scratch: usize,
): void {
  const scores = scratch + SCORES_OFFSET + row;
  const gradients = scratch + GRADIENTS_OFFSET + row;
  const end = <usize>count << 2;
  if (s.softCap > 0) softCap(scores + (<usize>from << 2), scores + end, s.softCap);
  const inverse = s.softCap > 0 ? f32x4.splat(<f32>1 / s.softCap) : f32x4.splat(0);
  const one = f32x4.splat(1);
  // Queries that see the key: those from its own row on, within the window.
  const before = i32x4.splat(key - first - 1);
  const behind = i32x4.splat(s.window ? key - first + s.window : i32.MAX_VALUE);
  let query = i32x4.add(i32x4.splat(from), i32x4(0, 1, 2, 3));
  for (let i = <usize>from << 2; i < end; i += 16) {
    const seen = v128.and(i32x4.gt_s(query, before), i32x4.lt_s(query, behind));
    query = i32x4.add(query, i32x4.splat(4));
    const score = v128.load(scores + i);
    const p = v128.and(exp4(f32x4.sub(score, v128.load(scratch + LOGARITHMS_OFFSET + i))), seen);
    const capped = f32x4.mul(score, inverse);
    const slope = f32x4.sub(one, f32x4.mul(capped, capped));
    const difference = f32x4.sub(v128.load(gradients + i), v128.load(scratch + MEANS_OFFSET + i));
    v128.store(scores + i, p);
    v128.store(gradients + i, f32x4.mul(f32x4.mul(p, difference), slope));
  }
}

function dot(a: usize, b: usize, count: i32): f32 {
  const bytes = <usize>count << 2;
  let sum = f32x4.splat(0);
  for (let at: usize = 0; at < bytes; at += 16) {
    sum = f32x4.add(sum, keep4(f32x4.mul(v128.load(a + at), v128.load(b + at)), bytes - at));
  }
  return sum4(sum);
}
