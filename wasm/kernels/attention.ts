import { attendBytes, storeBytes } from './attention-bytes';
import { attendF32, storeF32 } from './attention-f32';
import { barrier } from './barrier';
import { DTYPE, F32, FAMILIES } from './dtype';
import { isDivided, take } from './part';
import { sequenceEnd, tokenOfRow } from './sequences';
import { Layer, Model } from './structs';

/** Query heads that share a head of keys and values. */
// @ts-ignore: decorator
@inline
function groupOf(m: Model): i32 {
  return FAMILIES ? m.NH / m.NKV : 1;
}

/** Bytes of one position's keys, or values, of a head. */
// @ts-ignore: decorator
@inline
function positionBytes(m: Model): usize {
  return DTYPE == F32 ? <usize>(m.HS + 3) >> 2 << 4 : <usize>(m.HS + 15) & ~15;
}

/** Keys of head `head` in the slot; values, then scales of keys and of values lie `NKV` heads further each. */
// @ts-ignore: decorator
@inline
function keysOf(m: Model, layer: Layer, head: i32): usize {
  return m.kv + layer.cache + <usize>head * (<usize>layer.positions * positionBytes(m));
}

/** Distance from a head's keys to its values. */
// @ts-ignore: decorator
@inline
function valueOffset(m: Model, layer: Layer): usize {
  return <usize>m.NKV * (<usize>layer.positions * positionBytes(m));
}

/** Scales of the keys of head `head`. */
// @ts-ignore: decorator
@inline
function scalesOf(m: Model, layer: Layer, head: i32): usize {
  return m.kv + layer.cache + 2 * valueOffset(m, layer) + (<usize>head * <usize>layer.positions << 2);
}

/** Keys and values of tokens start … end - 1, which are a sequence, into head `head` of the slot. */
function storeSequence(m: Model, layer: Layer, head: i32, start: i32, end: i32, area: usize): void {
  const HS = m.HS;
  const keys = keysOf(m, layer, head);
  const values = keys + valueOffset(m, layer);
  const keyScales = scalesOf(m, layer, head);
  const valueScales = keyScales + (<usize>m.NKV * <usize>layer.positions << 2);
  for (let t = start; t < end; t++) {
    const key = m.qkv + (<usize>(t * m.qkvStride + (m.NH + head) * HS) << 2);
    const value = key + (<usize>(m.NKV * HS) << 2);
    const position = m.position - layer.base + t - start;
    if (DTYPE == F32) storeF32(key, value, keys, values, position, layer.positions, HS);
    else {
      storeBytes(key, value, keys, values, keyScales, valueScales, position, layer.positions, HS, area + m.headOffset);
    }
  }
}

/**
 * Outputs of `count` query heads from `head` on, which share keys and values, for those rows from `row` on that belong to the
 * sequence of tokens start … end - 1. Returns the row after the last.
 */
function attendSequence(
  m: Model, layer: Layer, head: i32, count: i32, start: i32, end: i32, row: i32, wantedOnly: bool, thread: i32,
  area: usize,
): i32 {
  const HS = m.HS;
  const shared = head / groupOf(m);
  const keys = keysOf(m, layer, shared);
  const values = keys + valueOffset(m, layer);
  const keyScales = scalesOf(m, layer, shared);
  const valueScales = keyScales + (<usize>m.NKV * <usize>layer.positions << 2);
  const scores = m.scores + <usize>thread * m.scoresBytes;
  const rows = wantedOnly ? m.wantedCount : m.T;
  for (; row < rows; row++) {
    const t = tokenOfRow(m, row, wantedOnly);
    if (t >= end) break;
    const query = m.qkv + (<usize>(t * m.qkvStride + head * HS) << 2);
    const out = m.attention + (<usize>(row * m.attentionStride + head * HS) << 2);
    const last = m.position - layer.base + t - start + 1;
    const first = layer.window > 0 ? max<i32>(0, last - layer.window) : 0;
    if (DTYPE == F32) attendF32(m, layer, query, count, keys, values, first, last, scores, area + m.sumsOffset, out);
    else attendBytes(m, layer, query, count, keys, values, keyScales, valueScales, first, last, scores, area, out);
    if (m.probabilities) {
      for (let i = 0; i < count; i++) {
        const sum = load<f32>(area + m.sumsOffset + (<usize>i << 2));
        const rowOfScores = scores + <usize>i * (<usize>m.contextStride << 2);
        keepProbabilities(m, rowOfScores, layer.base, first, last, sum, (head + i) * m.T + t);
      }
    }
  }
  return row;
}

/**
 * One thread's heads of causal attention: qkv (T, A + 2K) -> key-value cache, then attention (T, A). Of a long input it takes heads while
 * there are any: threads need not be equally fast.
 * A head of keys belongs to one thread, with all queries that share it, so its keys are stored and read without a barrier. Of several sequences each
 * takes the place of the one before in the cache: all its queries are here, and the next layer has keys of its own.
 * `wantedOnly`: only m.wantedRows have queries; their outputs stand in that order.
 */
export function attention(m: Model, layer: Layer, wantedOnly: bool, thread: i32, area: usize): void {
  const group = groupOf(m);
  const from = (m.NKV * thread) / m.threads;
  const to = (m.NKV * (thread + 1)) / m.threads;
  if (FAMILIES && group > 1 && m.NKV % m.threads != 0) {
    attentionOfShared(m, layer, from, to, wantedOnly, thread, area);
    return;
  }
  if (isDivided(m, m.T)) {
    for (let head = take(m, m.NKV, 1, 1, 1); head < m.NKV; head = take(m, m.NKV, 1, 1, 1)) {
      attentionOfHead(m, layer, head, wantedOnly, thread, area);
    }
  } else for (let head = from; head < to; head++) attentionOfHead(m, layer, head, wantedOnly, thread, area);
}

/** One head of keys, with all queries that share it. */
function attentionOfHead(m: Model, layer: Layer, head: i32, wantedOnly: bool, thread: i32, area: usize): void {
  const group = groupOf(m);
  for (let start = 0, end = 0, row = 0; start < m.T; start = end) {
    end = sequenceEnd(m, start);
    storeSequence(m, layer, head, start, end, area);
    row = attendSequence(m, layer, head * group, group, start, end, row, wantedOnly, thread, area);
  }
}

/** The same where threads cannot have equally many heads of keys: they divide the queries, and meet when keys are stored. */
function attentionOfShared(
  m: Model, layer: Layer, from: i32, to: i32, wantedOnly: bool, thread: i32, area: usize,
): void {
  const group = groupOf(m);
  const firstQuery = (m.NH * thread) / m.threads;
  const lastQuery = (m.NH * (thread + 1)) / m.threads;
  for (let start = 0, end = 0, row = 0, next = 0; start < m.T; start = end, row = next) {
    end = sequenceEnd(m, start);
    for (let head = from; head < to; head++) storeSequence(m, layer, head, start, end, area);
    barrier(m);
    for (let query = firstQuery; query < lastQuery; ) {
      const count = min<i32>(group - query % group, lastQuery - query);
      next = attendSequence(m, layer, query, count, start, end, row, wantedOnly, thread, area);
      query += count;
    }
    if (end < m.T) barrier(m);
  }
}

/** scores of positions from `base` on -> a row of probabilities (probabilitiesStride), zero outside [first, last). */
function keepProbabilities(m: Model, scores: usize, base: i32, first: i32, last: i32, sum: f32, row: i32): void {
  const bytes = <usize>m.probabilitiesStride << 2;
  const out = m.probabilities + <usize>row * bytes;
  memory.fill(out, 0, bytes);
  for (let t = first; t < last; t++) {
    store<f32>(out + (<usize>(base + t) << 2), load<f32>(scores + (<usize>t << 2)) / sum);
  }
}
