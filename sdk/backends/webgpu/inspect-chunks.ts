import type { ForwardResult, PassOptions } from '../engine.ts';
import { kvValueBytes } from './cache-layout.ts';
import { encodePass } from './encode-pass.ts';
import type { EngineParts, Slot } from './engine-parts.ts';
import { fromHalf } from './half.ts';
import { passesHeads } from './layer-kinds.ts';
import type { PassContext } from './pass-context.ts';
import { copyRows } from './prefill.ts';

/**
 * Hidden states and attention of all layers. The GPU runs as in a prefill; what enters each block and its queries are
 * read back, and the attention is computed here from those and the keys: no kernel carries code for a slow path.
 */
export async function inspectChunks(
  context: PassContext,
  slot: Slot,
  tokenIds: Uint32Array,
  { adapter, signal }: PassOptions,
): Promise<Required<Pick<ForwardResult, 'attention' | 'hiddenStates'>>> {
  const { shared, readback } = context;
  const { config, chunk, planner, buffers, weights, dtype, layout } = context.parts;
  const { nLayer, nHead, nEmbd } = config;
  const { C, A, KV } = weights.dimensions;
  const T = tokenIds.length;
  const hiddenStates = new Float32Array((nLayer + 1) * T * nEmbd);
  const queries = new Float32Array(nLayer * T * A);
  const keys = new Float32Array(nLayer * T * KV);
  const attends = config.blockKind.map((kind) => kind === 'attention');
  const width = (layer: number): number => (passesHeads(config, layer) ? A + 2 * KV : A);
  const keyBytes = KV * kvValueBytes(dtype);

  for (let from = 0; from < T; from += chunk) {
    signal?.throwIfAborted();
    const tokens = tokenIds.subarray(from, from + chunk);
    const n = tokens.length;
    readback.reserve((nLayer + 1) * (C + A + 2 * KV + KV) * n * 4);
    await context.makeRoom(slot, from, n);
    context.write(from, tokens);
    const encoder = context.encoder();
    encodePass(encoder, n, shared.embed);
    context.plan(slot, adapter).prefill.forEach(({ enter, rest }, layer) => {
      encodePass(encoder, n, enter);
      readback.copy(encoder, planner.entering, n * C * 4);
      encodePass(encoder, n, rest);
      if (!attends[layer]) return;
      readback.copy(encoder, buffers.q, n * width(layer) * 4);
      // At once, since a layer with a window may drop them before the last chunk.
      const { buffer, base } = slot.kv.layers[layer];
      readback.copy(encoder, buffer, n * keyBytes, (from - base) * layout[layer].rowBytes);
    });
    encodePass(encoder, n, shared.finish);
    readback.copy(encoder, planner.hidden, n * C * 4);
    context.submit(encoder);
    await readback.take((bytes) => {
      let at = 0;
      const floats = (count: number): Float32Array => new Float32Array(bytes, (at += count * 4) - count * 4, count);
      const halves = (count: number): Float32Array =>
        Float32Array.from(new Uint16Array(bytes, (at += count * 2) - count * 2, count), fromHalf);
      for (let layer = 0; layer <= nLayer; layer++) {
        copyRows(floats(n * C), C, hiddenStates, layer * T + from, nEmbd);
        if (!attends[layer]) continue;
        copyRows(floats(n * width(layer)), width(layer), queries, layer * T + from, A);
        keys.set(kvValueBytes(dtype) === 4 ? floats(n * KV) : halves(n * KV), (layer * T + from) * KV);
      }
    });
  }

  const attention = new Float32Array(nLayer * nHead * T * T);
  attends.forEach((does, layer) => {
    if (!does) return;
    attendLayer(
      context.parts,
      layer,
      queries.subarray(layer * T * A, (layer + 1) * T * A),
      keys.subarray(layer * T * KV, (layer + 1) * T * KV),
      attention.subarray(layer * nHead * T * T),
    );
  });
  return { attention, hiddenStates };
}

/** Attention (NH, T, T) of one layer from queries (T, A) and keys (T, KV). */
function attendLayer(
  { config, weights }: EngineParts,
  layer: number,
  q: Float32Array,
  k: Float32Array,
  out: Float32Array,
): void {
  const { A, KV, HS } = weights.dimensions;
  const { attentionSoftCap: cap, nHead, nKvHead } = config;
  const window = config.attentionWindow[layer];
  const T = q.length / A;
  for (let head = 0; head < nHead; head++) {
    const shared = Math.floor((head * nKvHead) / nHead) * HS;
    for (let t = 0; t < T; t++) {
      const row = out.subarray((head * T + t) * T, (head * T + t + 1) * T);
      const first = window > 0 ? Math.max(0, t + 1 - window) : 0;
      let most = Number.NEGATIVE_INFINITY;
      for (let j = first; j <= t; j++) {
        let score = 0;
        for (let i = 0; i < HS; i++) score += q[t * A + head * HS + i] * k[j * KV + shared + i];
        score *= config.attentionScale[layer];
        row[j] = cap > 0 ? cap * Math.tanh(score / cap) : score;
        most = Math.max(most, row[j]);
      }
      let sum = 0;
      for (let j = first; j <= t; j++) sum += row[j] = Math.exp(row[j] - most);
      for (let j = first; j <= t; j++) row[j] /= sum;
    }
  }
}
