import { activate, multiply } from './activation';
import { attention } from './attention';
import { barrier } from './barrier';
import { STAGE_EMBED, STAGE_HIDDEN, STAGE_LAYERS, STAGE_LOGITS, STAGE_WANTED } from './constants';
import { convolution } from './convolution';
import { BYTES, DTYPE, F32, FAMILIES, Q4 } from './dtype';
import { embed } from './embed';
import { ADD, STORE } from './epilogue';
import { layerNorm } from './layer-norm';
import { finishLogits } from './finish-logits';
import { linear } from './linear';
import { copyFoursIntoTile, copyIntoTile, quantiseBytes, quantiseGroups, tokensInSixes } from './operand';
import { quantiseForQ4 } from './operand-q4';
import { rmsNorm } from './rms-norm';
import { Layer, Linear, Model } from './structs';
import { turnHeads } from './turn-heads';

// @ts-ignore: decorator
@inline
function areaOf(m: Model, thread: i32): usize {
  return m.areas + <usize>thread * m.areaBytes;
}

// One token: every thread makes the operand for itself, which costs less than a barrier. More: in the first area.
// @ts-ignore: decorator
@inline
function operandArea(m: Model, T: i32, thread: i32): usize {
  return areaOf(m, T == 1 ? 0 + thread : 0);
}

/** A row (C) of the residual stream normalised; out may be the row. */
// @ts-ignore: decorator
@inline
function normalise(m: Model, row: usize, weight: usize, bias: usize, out: usize): void {
  if (FAMILIES && m.rms) rmsNorm(row, weight, out, m.C, m.epsilon);
  else layerNorm(row, weight, bias, out, m.C, m.epsilon);
}

/** A row (K) normalised where `weight` is not 0, activated where `activated`, in the thread's area; or itself. */
function rowBefore(
  m: Model, row: usize, K: i32, weight: usize, bias: usize, activated: bool, thread: i32,
): usize {
  const area = areaOf(m, thread);
  if (weight) {
    normalise(m, row, weight, bias, area + m.normedOffset);
    return area + m.normedOffset;
  }
  if (!activated) return row;
  activate(row, area + m.activatedOffset, K, m.activation);
  if (FAMILIES && m.gated) multiply(area + m.activatedOffset, row + (<usize>m.innerStride << 2), K);
  return area + m.activatedOffset;
}

/** rows (T, K of W), each as `rowBefore` makes it, -> the operand of W (operand.ts). Returns it. */
function prepare(
  m: Model, W: Linear, rows: usize, stride: i32, T: i32, weight: usize, bias: usize, activated: bool, thread: i32,
): usize {
  const area = operandArea(m, T, thread);
  const operand = area + m.operandOffset;
  const K = W.K;
  if (T == 1) {
    const row = rowBefore(m, rows, K, weight, bias, activated, thread);
    if (DTYPE == F32) return row;
    const scales = area + m.operandScaleOffset;
    const sums = area + m.operandSumOffset;
    if (DTYPE == Q4) quantiseForQ4(row, operand, K, scales, sums, 4);
    else if (BYTES) quantiseBytes(row, operand, K, W.group, scales, sums, 4);
    else quantiseGroups(row, operand, K, W.group, scales, sums, 4);
    return operand;
  }
  const fours = tokensInSixes(T);
  const sixes = fours / 6;
  const tiles = sixes + ((T - fours + 3) >> 2);
  for (let i = thread; i < tiles; i += m.threads) {
    const lanes = i < sixes ? 6 : 4;
    const start = i < sixes ? 6 * i : fours + ((i - sixes) << 2);
    const tile = operand + (<usize>(start * K) << (DTYPE == F32 ? 2 : BYTES ? 0 : 1));
    for (let lane = 0; lane < lanes; lane++) {
      const t = start + lane;
      // Lanes past the last token are computed and dropped; they only must not be NaN traps, and integers never are.
      if (t >= T) break;
      const row = rowBefore(m, rows + (<usize>(t * stride) << 2), K, weight, bias, activated, thread);
      if (DTYPE == F32) copyIntoTile(row, tile, lane, K);
      else {
        const ints = areaOf(m, thread) + m.rowOffset;
        const groups = ((<usize>start * <usize>(K / W.group)) << 2) + (<usize>lane << 2);
        const sums = area + m.operandSumOffset + groups;
        const scales = area + m.operandScaleOffset + groups;
        const step = <usize>lanes << 2;
        const place = tile + (<usize>lane << 2);
        if (DTYPE == Q4) quantiseForQ4(row, place, K, scales, sums, step);
        else if (BYTES) quantiseBytes(row, place, K, W.group, scales, sums, step);
        else {
          quantiseGroups(row, ints, K, W.group, scales, sums, 16);
          copyFoursIntoTile(ints, tile, lane, K);
        }
      }
    }
  }
  barrier(m);
  return operand;
}

/** Rows (T, C) of the residual stream normalised in place: the norm after a sub-layer (GPT, 2018). */
function normInPlace(m: Model, T: i32, weight: usize, bias: usize, thread: i32): void {
  for (let t = thread; t < T; t += m.threads) {
    const row = m.x + (<usize>(t * m.cStride) << 2);
    normalise(m, row, weight, bias, row);
  }
  barrier(m);
}

/** Rows of the residual stream that are wanted, moved to its front; none stands before its new place. */
function gatherRows(m: Model): void {
  const bytes = <usize>m.cStride << 2;
  for (let r = 0; r < m.wantedCount; r++) {
    memory.copy(m.x + <usize>r * bytes, m.x + <usize>load<i32>(m.wantedRows + (<usize>r << 2)) * bytes, bytes);
  }
}

/** x += W · rows, normalised first where `weight` is not 0: what a sub-layer gives to the residual stream. */
function addProduct(
  m: Model, W: Linear, rows: usize, stride: i32, T: i32, activated: bool, weight: usize, bias: usize, thread: i32,
): void {
  const operand = prepare(m, W, rows, stride, T, 0, 0, activated, thread);
  const source = operandArea(m, T, thread);
  if (!FAMILIES || !weight) {
    linear(m, W, T, operand, source, m.x, m.cStride, ADD, thread);
    barrier(m);
    return;
  }
  linear(m, W, T, operand, source, m.normed, m.cStride, STORE, thread);
  barrier(m);
  for (let t = thread; t < T; t += m.threads) {
    const offset = <usize>(t * m.cStride) << 2;
    const row = m.normed + offset;
    normalise(m, row, weight, bias, row);
    const x = m.x + offset;
    for (let c: usize = 0; c < <usize>m.C << 2; c += 16) {
      v128.store(x + c, f32x4.add(v128.load(x + c), v128.load(row + c)));
    }
  }
  barrier(m);
}

/** inner = up(norm2(x)), or gate and up. */
function feedUp(m: Model, layer: Layer, T: i32, thread: i32): void {
  const weight = m.postNorm ? 0 : layer.norm2Weight;
  const operand = prepare(m, layer.up, m.x, m.cStride, T, weight, layer.norm2Bias, false, thread);
  linear(m, layer.up, T, operand, operandArea(m, T, thread), m.inner, m.innerRowStride, STORE, thread);
  barrier(m);
}

/**
 * One block: x += projection(attention(norm1(x))); x += down(activation(up(norm2(x)))), or norms elsewhere, see config.ts.
 * `wantedOnly`: all rows leave keys and values, but only m.wantedRows go on, and stand at the front of x afterwards.
 */
function block(m: Model, layer: Layer, wantedOnly: bool, thread: i32): void {
  let T = m.T;
  const area = areaOf(m, thread);
  const post = m.postNorm != 0;
  const operand = prepare(m, layer.qkv, m.x, m.cStride, T, post ? 0 : layer.norm1Weight, layer.norm1Bias, false, thread);
  linear(m, layer.qkv, T, operand, operandArea(m, T, thread), m.qkv, m.qkvStride, STORE, thread);
  barrier(m);
  if (FAMILIES && layer.kernel) convolution(m, layer, wantedOnly, thread);
  else {
    if (FAMILIES) turnHeads(m, layer, thread);
    attention(m, layer, wantedOnly, thread, area);
  }
  if (wantedOnly) {
    if (thread == 0) gatherRows(m);
    T = m.wantedCount;
  }
  barrier(m);
  if (T == 0) return;
  const parallel = FAMILIES && m.parallelBlock != 0;
  // Before the attention is added: both sub-layers read what entered the block.
  if (parallel) feedUp(m, layer, T, thread);
  const convolved = FAMILIES && layer.kernel;
  const mixed = convolved ? m.convolved : m.attention;
  const stride = convolved ? m.cStride : m.attentionStride;
  addProduct(
    m, layer.projection, mixed, stride, T, false, layer.outputNorm1Weight, layer.outputNorm1Bias, thread,
  );
  if (post) normInPlace(m, T, layer.norm1Weight, layer.norm1Bias, thread);
  if (!parallel) feedUp(m, layer, T, thread);
  addProduct(
    m, layer.down, m.inner, m.innerRowStride, T, true, layer.outputNorm2Weight, layer.outputNorm2Bias, thread,
  );
  if (post) normInPlace(m, T, layer.norm2Weight, layer.norm2Bias, thread);
}

/** Final hidden states of headCount tokens from headFirst -> normed, and their logits. */
function finish(m: Model, stages: i32, thread: i32): void {
  const T = m.headCount;
  const rows = m.x + (<usize>(m.headFirst * m.cStride) << 2);
  if (stages & STAGE_LOGITS) {
    const operand = prepare(m, m.head, rows, m.cStride, T, m.finalNormWeight, m.finalNormBias, false, thread);
    const source = operandArea(m, T, thread);
    linear(m, m.head, T, operand, source, m.logits, m.logitsStride, STORE, thread);
    if (FAMILIES) finishLogits(m, T, thread);
    barrier(m);
  }
  if (stages & STAGE_HIDDEN) {
    for (let t = thread; t < T; t += m.threads) {
      const row = rows + (<usize>(t * m.cStride) << 2);
      const out = m.normed + (<usize>(t * m.cStride) << 2);
      if (m.finalNormWeight) normalise(m, row, m.finalNormWeight, m.finalNormBias, out);
      else memory.copy(out, row, <usize>m.C << 2);
    }
    barrier(m);
  }
}

/** One thread's part of the pass that the model's job fields describe. */
export function pass(m: Model, thread: i32): void {
  // Read once: behind the last barrier the host may already be writing the next job.
  const stages = m.stages;
  const lastLayer = m.lastLayer;
  if (stages & STAGE_EMBED) {
    const row = areaOf(m, thread) + m.normedOffset;
    for (let t = thread; t < m.T; t += m.threads) {
      const id = load<i32>(m.tokens + (<usize>t << 2));
      const position = m.position + load<i32>(m.sequencePositions + (<usize>t << 2));
      let positionRow = m.positionEmbedding;
      if (!FAMILIES || positionRow) positionRow += <usize>(position * m.cStride) << 2;
      embed(m.tokenEmbedding, id, m.embeddingScale, positionRow, m.x + (<usize>(t * m.cStride) << 2), m.C, row);
    }
    barrier(m);
  }
  if (stages & STAGE_LAYERS) {
    for (let i = m.firstLayer; i < lastLayer; i++) {
      const wantedOnly = (stages & STAGE_WANTED) != 0 && i == lastLayer - 1;
      block(m, changetype<Layer>(load<usize>(m.layers + (<usize>i << 2))), wantedOnly, thread);
    }
  }
  if (stages & (STAGE_HIDDEN | STAGE_LOGITS)) finish(m, stages, thread);
}
