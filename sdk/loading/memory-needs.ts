import type { ModelConfig } from '../model/config.ts';
import type { Dtype } from '../model/dtype.ts';
import { type WeightShape, weightShapes } from '../model/weight-shapes.ts';
import { quantisedGroup } from '../quantising/quantised-rows.ts';
import type { Backend } from './load-options.ts';

/** Bytes that a loaded model holds, but for buffers of some MB. */
export interface MemoryNeeds {
  readonly weights: number;
  /** Of one sequence with as many tokens as were asked about. */
  readonly kvCache: number;
}

/** What a model will take, from its config alone: what `model.bytes` says later, but for paddings. */
export function memoryNeeds(config: ModelConfig, backend: Backend, dtype: Dtype, tokens: number): MemoryNeeds {
  const weights = weightShapes(config).reduce(
    (sum, shape) => sum + shape.rows * shape.columns * bytesPerWeight(shape, dtype),
    0,
  );
  const kvCache = config.blockKind.reduce((sum, kind, layer) => {
    // A convolution keeps its inputs in f32.
    if (kind === 'convolution') return sum + tokens * config.nEmbd * 4;
    return sum + heldTokens(config.attentionWindow[layer], tokens) * kvTokenBytes(config, backend, dtype);
  }, 0);
  return { weights: Math.ceil(weights), kvCache };
}

function bytesPerWeight({ isExact, columns }: WeightShape, dtype: Dtype): number {
  if (isExact || dtype === 'f32') return 4;
  if (dtype === 'f16') return 2;
  // Each group of integers has a scale of two bytes.
  return (dtype === 'q8' ? 1 : 0.5) + 2 / quantisedGroup(dtype, columns);
}

/** A layer with a window keeps it and some tokens before it, so that going back a little is free. */
const heldTokens = (window: number, tokens: number): number =>
  window > 0 ? Math.min(tokens, window + Math.max(window, 512)) : tokens;

/** Bytes of one token's keys and values in one layer. */
function kvTokenBytes({ nKvHead, headSize }: ModelConfig, backend: Backend, dtype: Dtype): number {
  const values = 2 * nKvHead * headSize;
  if (dtype === 'f32') return values * 4;
  // The CPU keeps bytes, with a scale for each head's key and value.
  return backend === 'wasm' ? values + 2 * nKvHead * 4 : values * 2;
}
