import { attendAlone, keepProbabilities } from './attention-alone';
import { attendInTwos } from './attention-in-twos';
import { prepareRow, Row, rowAt } from './attention-row';
import { ATTENTION_POSITIONS } from './constants';
import { BYTE_DOTS, DTYPE, F32 } from './dtype';
import { tokenOfRow } from './sequences';
import { Layer, Model } from './structs';

// Attention of up to ATTENTION_ROWS queries that share a head of keys and values. They take 64 positions at a time, keep what those
// give as sums lowered by the largest score so far, and scale them when a larger one comes (Milakov and Gimelshein, "Online
// normalizer calculation for softmax", 2018), so that what a thread needs does not grow with the context. Where those 64 begin depends
// on nothing but their numbers in the text, and what scales sums is a power of 2 where keys are bytes: a query's result is the same
// bits whatever it shares a pass or a tile with.

/**
 * Outputs of rows firstRow … lastRow - 1, of the sequence that begins at token `start`, in `count` query heads from `head` on,
 * which share head `shared` of keys.
 */
export function attendTile(
  m: Model, layer: Layer, shared: i32, head: i32, count: i32, start: i32, firstRow: i32, lastRow: i32, wantedOnly: bool,
  area: usize,
): void {
  const rows = area + m.queryRowsOffset;
  const n = (lastRow - firstRow) * count;
  // Few of them are not worth widening keys and values for. Inspection reads queries one by one.
  const inTwos = DTYPE != F32 && !m.probabilities && (BYTE_DOTS || n >= 4) ? n & ~1 : 0;
  for (let i = 0; i < n; i++) {
    const t = tokenOfRow(m, firstRow + i / count, wantedOnly);
    const query = m.qkv + (<usize>(t * m.qkvStride + (head + i % count) * m.HS) << 2);
    prepareRow(m, layer, rowAt(rows, i), query, m.position - layer.base + t - start + 1, i, i < inTwos, area);
  }
  const to = (rowAt(rows, n - 1).last + 15) & ~15;
  for (let t = rowAt(rows, 0).first & ~15, end = 0; t < to; t = end) {
    end = min<i32>(to, ((t + layer.base) | (ATTENTION_POSITIONS - 1)) + 1 - layer.base);
    if (inTwos) attendInTwos(m, layer, shared, rows, inTwos, t, end, area);
    for (let i = inTwos; i < n; i++) attendAlone(m, layer, shared, rowAt(rows, i), t, end, area);
  }
  for (let i = 0; i < n; i++) {
    const row = rowAt(rows, i);
    const token = firstRow + i / count;
    const h = head + i % count;
    finish(row, m.attention + (<usize>(token * m.attentionStride + h * m.HS) << 2), m.HS, area + m.headOffset);
    if (!m.probabilities) continue;
    const place = <usize>(h * m.T + token) * (<usize>m.probabilitiesStride << 2);
    keepProbabilities(m, layer, shared, row, m.probabilities + place, area);
  }
}

/** What a row's values sum to, over the sum of its weights; behind a head that ends within 16 channels follows the next one's output. */
function finish(row: Row, out: usize, HS: i32, scratch: usize): void {
  const factor = f32x4.splat(<f32>1.0 / row.sum);
  let y = row.output;
  for (let channels = HS; channels > 0; channels -= 16) {
    const to = channels < 16 ? scratch : out;
    for (let i: usize = 0; i < 64; i += 16) v128.store(to + i, f32x4.mul(v128.load(y + i), factor));
    if (channels < 16) memory.copy(out, to, <usize>channels << 2);
    y += row.stride;
    out += 64;
  }
}
