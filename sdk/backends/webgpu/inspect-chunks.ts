import type { ForwardResult } from '../engine.ts';
import { kvValueBytes } from './buffers.ts';
import { encodePass } from './encode-pass.ts';
import type { EngineParts, Slot } from './engine-parts.ts';
import { fromHalf } from './half.ts';
import type { PassContext } from './pass-context.ts';

/**
 * Hidden states and attention of all layers. The GPU runs as in a prefill; what enters each block and its queries are
 * read back, and the attention is computed here from those and the keys: no kernel carries code for a slow path.
 */
export async function inspectChunks(
  context: PassContext,
  slot: Slot,
  tokenIds: Uint32Array,
  signal: AbortSignal | undefined,
): Promise<Required<Pick<ForwardResult, 'attention' | 'hiddenStates'>>> {
  const { shared, readback } = context;
  const { config, chunk, planner, buffers, weights, dtype } = context.parts;
  const { nLayer, nHead, nEmbd } = config;
  const { C, A } = weights.dimensions;
  const T = tokenIds.length;
  const hiddenStates = new Float32Array((nLayer + 1) * T * nEmbd);
  const queries = new Float32Array(nLayer * T * A);

  for (let from = 0; from < T; from += chunk) {
    signal?.throwIfAborted();
    const tokens = tokenIds.subarray(from, from + chunk);
    const n = tokens.length;
    readback.reserve((nLayer * (C + A) + C) * n * 4);
    context.write(from, tokens);
    const encoder = context.encoder();
    encodePass(encoder, n, shared.embed);
    for (const { enter, rest } of slot.plan.prefill) {
      encodePass(encoder, n, enter);
      readback.copy(encoder, planner.entering, n * C * 4);
      encodePass(encoder, n, rest);
      readback.copy(encoder, buffers.q, n * A * 4);
    }
    encodePass(encoder, n, shared.finish);
    readback.copy(encoder, planner.hidden, n * C * 4);
    context.submit(encoder);
    await readback.take((bytes) => {
      for (let layer = 0; layer <= nLayer; layer++) {
        const hidden = new Float32Array(bytes, layer * n * (C + A) * 4, n * C);
        for (let t = 0; t < n; t++) {
          hiddenStates.set(hidden.subarray(t * C, t * C + nEmbd), (layer * T + from + t) * nEmbd);
        }
        if (layer === nLayer) break;
        queries.set(new Float32Array(bytes, (layer * n * (C + A) + n * C) * 4, n * A), (layer * T + from) * A);
      }
    });
  }

  const attention = new Float32Array(nLayer * nHead * T * T);
  const bytes = T * slot.kv.tokenBytes;
  readback.reserve(bytes);
  for (let layer = 0; layer < nLayer; layer++) {
    signal?.throwIfAborted();
    const encoder = context.encoder();
    readback.copy(encoder, slot.kv.layers[layer], bytes);
    context.submit(encoder);
    const keys = await readback.take((mapped) =>
      kvValueBytes(dtype) === 4
        ? new Float32Array(mapped).slice()
        : Float32Array.from(new Uint16Array(mapped), fromHalf),
    );
    attendLayer(
      context.parts,
      layer,
      queries.subarray(layer * T * A, (layer + 1) * T * A),
      keys,
      attention.subarray(layer * nHead * T * T),
    );
  }
  return { attention, hiddenStates };
}

/** Attention (NH, T, T) of one layer from queries and keys (T, A). */
function attendLayer(
  { config, weights }: EngineParts,
  layer: number,
  q: Float32Array,
  k: Float32Array,
  out: Float32Array,
): void {
  const { A, HS } = weights.dimensions;
  const width = config.headSize;
  const window = config.attentionWindow[layer];
  const T = q.length / A;
  for (let head = 0; head < config.nHead; head++) {
    for (let t = 0; t < T; t++) {
      const row = out.subarray((head * T + t) * T, (head * T + t + 1) * T);
      const first = window > 0 ? Math.max(0, t + 1 - window) : 0;
      let most = Number.NEGATIVE_INFINITY;
      for (let j = first; j <= t; j++) {
        let score = 0;
        for (let i = 0; i < width; i++) score += q[t * A + head * HS + i] * k[j * A + head * HS + i];
        row[j] = score * config.attentionScale[layer];
        most = Math.max(most, row[j]);
      }
      let sum = 0;
      for (let j = first; j <= t; j++) sum += row[j] = Math.exp(row[j] - most);
      for (let j = first; j <= t; j++) row[j] /= sum;
    }
  }
}
