import type { ModelConfig } from '../../model/config.ts';
import { rotaryAngles } from '../../model/rotary.ts';
import type { Multiply } from './adapted-linear.ts';
import type { LayerCache } from './layer-cache.ts';
import { rmsNorm, rotate, softCap, softmax } from './operations.ts';
import type { NamedWeights } from './weights.ts';

/** Told of each head's probabilities, of which the first belongs to position `first`. */
export type SeeProbabilities = (head: number, probabilities: Float64Array, first: number) => void;

/** Causal attention of one token x (C) that stands behind those in the cache; returns what is added to the stream (C). */
export function attention(
  config: ModelConfig,
  layer: number,
  weight: NamedWeights,
  multiply: Multiply,
  x: Float64Array,
  kv: LayerCache,
  seen: SeeProbabilities,
): Float64Array {
  const { nEmbd, nHead, nKvHead, headSize: HS, attentionScale, attentionWindow, attentionSoftCap } = config;
  const [A, K] = [nHead * HS, nKvHead * HS];
  const qkv = multiply('attention.qkv', x, A + 2 * K);
  const position = kv.keys.length;
  const queries = turned(
    config,
    layer,
    normed(config, qkv.slice(0, A), weight('attention.queryNorm.weight')),
    position,
  );
  kv.keys.push(
    turned(config, layer, normed(config, qkv.slice(A, A + K), weight('attention.keyNorm.weight')), position),
  );
  kv.values.push(qkv.slice(A + K));
  const length = position + 1;
  const first = attentionWindow[layer] > 0 ? Math.max(0, length - attentionWindow[layer]) : 0;
  const mixed = new Float64Array(A);
  for (let head = 0; head < nHead; head++) {
    const from = head * HS;
    const shared = Math.floor((head * nKvHead) / nHead) * HS;
    const scores = new Float64Array(length - first);
    for (let t = first; t < length; t++) {
      for (let i = 0; i < HS; i++) scores[t - first] += queries[from + i] * kv.keys[t][shared + i];
      scores[t - first] = softCap(scores[t - first] * attentionScale[layer], attentionSoftCap);
    }
    const probabilities = softmax(scores);
    seen(head, probabilities, first);
    for (let t = first; t < length; t++) {
      for (let i = 0; i < HS; i++) mixed[from + i] += probabilities[t - first] * kv.values[t][shared + i];
    }
  }
  return multiply('attention.projection', mixed, nEmbd);
}

/** Queries or keys of all heads, normalised as the config says. */
function normed({ queryKeyNorm, headSize: HS, normEpsilon }: ModelConfig, heads: Float64Array, weight: Float32Array) {
  if (queryKeyNorm === 'none') return heads;
  if (queryKeyNorm === 'joint') return rmsNorm(heads, weight, normEpsilon);
  const out = new Float64Array(heads.length);
  for (let at = 0; at < heads.length; at += HS) out.set(rmsNorm(heads.subarray(at, at + HS), weight, normEpsilon), at);
  return out;
}

/** Queries or keys of all heads, turned by their position. */
function turned({ rotary, headSize: HS, nCtx }: ModelConfig, layer: number, heads: Float64Array, position: number) {
  const turn = rotary[layer];
  if (!turn) return heads;
  const angles = rotaryAngles(turn, nCtx);
  for (let at = 0; at < heads.length; at += HS) rotate(heads.subarray(at, at + HS), angles, position);
  return heads;
}
