import { attendBytes, storeBytes } from './attention-bytes';
import { attendF32, storeF32 } from './attention-f32';
import { DTYPE, F32 } from './dtype';
import { Layer, Model } from './structs';

/** Where the sequence that begins at token `start` ends. */
function sequenceEnd(m: Model, start: i32): i32 {
  let end = start + 1;
  while (end < m.T && load<i32>(m.sequencePositions + (<usize>end << 2)) != 0) end++;
  return end;
}

/**
 * One thread's heads of causal attention: qkv (T, 3C) -> key-value cache, then attention (T, C).
 * A head belongs to one thread, so its keys are stored and read without a barrier. Of several sequences each takes the
 * place of the one before in the cache: all its queries are here, and the next layer has keys of its own.
 * `wantedOnly`: only m.wantedRows have queries; their outputs stand in that order.
 */
export function attention(m: Model, layer: Layer, index: i32, wantedOnly: bool, thread: i32, area: usize): void {
  const HS = m.HS;
  const positions = m.contextStride;
  const headBytes = <usize>HS << 2;
  const cBytes = <usize>m.C << 2;
  const base = m.kv + <usize>index * m.kvLayerBytes;
  const scores = area + m.scoresOffset;
  const rows = wantedOnly ? m.wantedCount : m.T;
  const from = (m.NH * thread) / m.threads;
  const to = (m.NH * (thread + 1)) / m.threads;
  for (let head: usize = from; head < <usize>to; head++) {
    const keys = base + head * m.keyHeadBytes;
    const values = base + m.valueOffset + head * m.valueHeadBytes;
    const keyScales = base + m.keyScaleOffset + head * m.scaleHeadBytes;
    const valueScales = base + m.valueScaleOffset + head * m.scaleHeadBytes;
    for (let start = 0, end = 0, row = 0; start < m.T; start = end) {
      end = sequenceEnd(m, start);
      for (let t = start; t < end; t++) {
        const key = m.qkv + <usize>(t * m.qkvStride << 2) + cBytes + head * headBytes;
        const position = m.position + t - start;
        if (DTYPE == F32) storeF32(key, key + cBytes, keys, values, position, positions, HS);
        else {
          const scratch = area + m.queryOffset;
          storeBytes(key, key + cBytes, keys, values, keyScales, valueScales, position, positions, HS, scratch);
        }
      }
      for (; row < rows; row++) {
        const t = wantedOnly ? load<i32>(m.wantedRows + (<usize>row << 2)) : row;
        if (t >= end) break;
        const query = m.qkv + <usize>(t * m.qkvStride << 2) + head * headBytes;
        const out = m.attention + <usize>(row * m.cStride << 2) + head * headBytes;
        const last = m.position + t - start + 1;
        const first = layer.window > 0 ? max<i32>(0, last - layer.window) : 0;
        const scale = layer.attentionScale;
        const sum =
          DTYPE == F32
            ? attendF32(query, keys, values, first, last, scale, positions, HS, scores, out)
            : attendBytes(
                query, keys, values, keyScales, valueScales, first, last, scale, positions, HS, scores,
                area + m.weightsOffset, area + m.queryOffset, out,
              );
        if (m.probabilities) keepProbabilities(m, scores, first, last, sum, (<i32>head * m.T + t) * m.contextStride);
      }
    }
  }
}

/** scores -> probabilities (…, contextStride) at `offset` floats, zero outside [first, last). */
function keepProbabilities(m: Model, scores: usize, first: i32, last: i32, sum: f32, offset: i32): void {
  const row = m.probabilities + (<usize>offset << 2);
  memory.fill(row, 0, <usize>m.contextStride << 2);
  for (let t = first; t < last; t++) store<f32>(row + (<usize>t << 2), load<f32>(scores + (<usize>t << 2)) / sum);
}
