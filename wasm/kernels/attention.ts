import { storeBytes } from './attention-bytes';
import { storeF32 } from './attention-f32';
import { attendTile } from './attention-tile';
import { barrier } from './barrier';
import { ATTENTION_ROWS } from './constants';
import { DTYPE, F32, FAMILIES } from './dtype';
import { keyScalesOf, keysOf, valueScalesOf, valuesOf } from './head-cache';
import { isDivided, take } from './part';
import { sequenceEnd, tokenOfRow } from './sequences';
import { Layer, Model } from './structs';

/** Query heads that share a head of keys and values. */
// @ts-ignore: decorator
@inline
function groupOf(m: Model): i32 {
  return FAMILIES ? m.NH / m.NKV : 1;
}

/** Keys and values of tokens start … end - 1, which are a sequence, in heads `head` … `headEnd` - 1, into the slot. */
function storeKeys(m: Model, layer: Layer, start: i32, end: i32, head: i32, headEnd: i32, area: usize): void {
  const HS = m.HS;
  for (; head < headEnd; head++) {
    const keys = keysOf(m, layer, head, 0);
    const values = valuesOf(m, layer, head, 0, 0);
    const keyScales = keyScalesOf(m, layer, head, 0);
    const valueScales = valueScalesOf(m, layer, head, 0);
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
}

/** Outputs of rows row … rowEnd - 1, of the sequence that begins at token `start`, in query heads `head` … `headEnd` - 1. */
function attend(
  m: Model, layer: Layer, start: i32, row: i32, rowEnd: i32, head: i32, headEnd: i32, wantedOnly: bool, area: usize,
): void {
  const group = groupOf(m);
  for (; row < rowEnd && head < headEnd; ) {
    const count = min<i32>(min<i32>(group - head % group, headEnd - head), ATTENTION_ROWS);
    const step = ATTENTION_ROWS / count;
    for (let r = row; r < rowEnd; r += step) {
      attendTile(m, layer, head / group, head, count, start, r, min<i32>(rowEnd, r + step), wantedOnly, area);
    }
    head += count;
  }
}

/** The row after the last of those from `row` on whose token stands before `end`. */
function rowsBefore(m: Model, row: i32, end: i32, wantedOnly: bool): i32 {
  const rows = wantedOnly ? m.wantedCount : m.T;
  while (row < rows && tokenOfRow(m, row, wantedOnly) < end) row++;
  return row;
}

/**
 * One thread's heads of causal attention: qkv (T, A + 2K) -> key-value cache, then attention (T, A). Of a long input it takes heads while
 * there are any: threads need not be equally fast.
 * A head of keys belongs to one thread, with all queries that share it, so its keys are stored and read without a barrier; where
 * threads cannot have equally many they divide the queries, and meet when keys are stored. Of several sequences each takes the place of
 * the one before in the cache: the next layer has keys of its own.
 * `wantedOnly`: only m.wantedRows have queries; their outputs stand in that order.
 */
export function attention(m: Model, layer: Layer, wantedOnly: bool, thread: i32, area: usize): void {
  const group = groupOf(m);
  const from = (m.NKV * thread) / m.threads;
  const to = (m.NKV * (thread + 1)) / m.threads;
  if (FAMILIES && group > 1 && m.NKV % m.threads != 0) {
    const head = (m.NH * thread) / m.threads;
    const headEnd = (m.NH * (thread + 1)) / m.threads;
    attentionOfHeads(m, layer, from, to, head, headEnd, true, wantedOnly, area);
  } else if (isDivided(m, m.T)) {
    for (let head = take(m, m.NKV, 1, 1, 1); head < m.NKV; head = take(m, m.NKV, 1, 1, 1)) {
      attentionOfHeads(m, layer, head, head + 1, head * group, (head + 1) * group, false, wantedOnly, area);
    }
  } else attentionOfHeads(m, layer, from, to, from * group, to * group, false, wantedOnly, area);
}

/** Keys and values of heads from … to - 1, and queries of heads head … headEnd - 1; `meet`: other threads store keys of those. */
function attentionOfHeads(
  m: Model, layer: Layer, from: i32, to: i32, head: i32, headEnd: i32, meet: bool, wantedOnly: bool, area: usize,
): void {
  for (let start = 0, end = 0, row = 0; start < m.T; start = end) {
    end = sequenceEnd(m, start);
    storeKeys(m, layer, start, end, from, to, area);
    if (FAMILIES && meet) barrier(m);
    const rowEnd = rowsBefore(m, row, end, wantedOnly);
    attend(m, layer, start, row, rowEnd, head, headEnd, wantedOnly, area);
    row = rowEnd;
    if (FAMILIES && meet && end < m.T) barrier(m);
  }
}
