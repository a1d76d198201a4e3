import { attention } from './attention';
import { barrier } from './barrier';
import { STAGE_EMBED, STAGE_HIDDEN, STAGE_LAYERS, STAGE_LOGITS, STAGE_WANTED } from './constants';
import { convolution } from './convolution';
import { FAMILIES } from './dtype';
import { embed } from './embed';
import { STORE } from './epilogue';
import { finishLogits } from './finish-logits';
import { linear } from './linear';
import { firstPart, meet, nextPart, Part, partOf, rowsOf, together } from './part';
import { normalise, prepare } from './prepare';
import { Layer, Model } from './structs';
import { enterBlock, leaveBlock } from './sub-layers';

// @ts-ignore: decorator
@inline
function layerOf(m: Model, i: i32): Layer {
  return changetype<Layer>(load<usize>(m.layers + (<usize>i << 2)));
}

/** Tokens -> rows (T, C) of the residual stream. */
function embedTokens(m: Model, p: Part): void {
  const row = p.area + m.normedOffset;
  for (let t = p.first + p.share; t < p.first + p.T; t += p.shares) {
    const id = load<i32>(m.tokens + (<usize>t << 2));
    const position = m.position + load<i32>(m.sequencePositions + (<usize>t << 2));
    let positionRow = m.positionEmbedding;
    if (!FAMILIES || positionRow) positionRow += <usize>(position * m.cStride) << 2;
    embed(m.tokenEmbedding, id, m.embeddingScale, positionRow, m.x + (<usize>(t * m.cStride) << 2), m.C, row);
  }
  meet(m, p);
}

/** Rows of the residual stream that are wanted, moved to its front; none stands before its new place. */
function gatherRows(m: Model): void {
  const bytes = <usize>m.cStride << 2;
  for (let r = 0; r < m.wantedCount; r++) {
    memory.copy(m.x + <usize>r * bytes, m.x + <usize>load<i32>(m.wantedRows + (<usize>r << 2)) * bytes, bytes);
  }
}

/**
 * The job's layers, between two barriers each its attention, of all tokens, and what stands between two attentions, part by part.
 * With STAGE_WANTED all rows leave keys and values in the last layer, but only m.wantedRows go on, and stand at the front of
 * x afterwards.
 */
function runLayers(m: Model, p: Part, stages: i32): void {
  const firstLayer = m.firstLayer;
  const lastLayer = stages & STAGE_LAYERS ? m.lastLayer : firstLayer;
  let tokens = m.T;
  for (let i = firstLayer; ; i++) {
    for (let more = firstPart(m, p, tokens); more; more = nextPart(m, p, tokens)) {
      if (i > firstLayer) leaveBlock(m, p, layerOf(m, i - 1));
      else if (stages & STAGE_EMBED) embedTokens(m, p);
      if (i < lastLayer) enterBlock(m, p, layerOf(m, i));
    }
    barrier(m);
    if (i == lastLayer) return;
    const layer = layerOf(m, i);
    const wantedOnly = (stages & STAGE_WANTED) != 0 && i == lastLayer - 1;
    if (FAMILIES && layer.kernel) convolution(m, layer, wantedOnly, p.thread);
    else attention(m, layer, wantedOnly, p.thread, p.area);
    if (wantedOnly) {
      if (p.thread == 0) gatherRows(m);
      tokens = m.wantedCount;
    }
    barrier(m);
  }
}

/** Final hidden states of headCount tokens from headFirst -> normed, and their logits. */
function finish(m: Model, p: Part, stages: i32): void {
  together(m, p, m.headFirst, m.headCount);
  const rows = rowsOf(p, m.x, m.cStride);
  if (stages & STAGE_LOGITS) {
    const operand = prepare(m, p, m.head, rows, m.cStride, m.finalNormWeight, m.finalNormBias, false);
    linear(m, p, m.head, operand, m.logits, m.logitsStride, STORE);
    if (FAMILIES) finishLogits(m, p.T, p.thread);
    barrier(m);
  }
  if (stages & STAGE_HIDDEN) {
    for (let t = p.share; t < p.T; t += p.shares) {
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
  const p = partOf(m, thread);
  if (stages & (STAGE_EMBED | STAGE_LAYERS)) runLayers(m, p, stages);
  if (stages & (STAGE_HIDDEN | STAGE_LOGITS)) finish(m, p, stages);
}
