import { GptletError } from '../../errors/gptlet-error.ts';
import type { ModelConfig } from '../../model/config.ts';

/**
 * Sizes as the kernels see them. Widths are padded with zeros to a multiple of 32 (one block of q8 and q4, one tile of
 * matmul.wgsl) and heads to a multiple of 4, so that no kernel has a special case for odd shapes.
 */
export interface Dimensions {
  /** Width of the residual stream, padded. */
  readonly C: number;
  /** Width of one head, padded. */
  readonly HS: number;
  /** Width of all query heads together, padded. */
  readonly A: number;
  /** Width of all heads of keys, or of values, padded. */
  readonly KV: number;
  /** Width of the feed-forward layer, padded. */
  readonly I: number;
  /** Vocabulary, padded. */
  readonly V: number;
}

/** Lanes of a workgroup of attention.wgsl, each of which holds four values of a head. */
const widestHead = 256;

/** Padded sizes of a model. */
export function planDimensions(config: ModelConfig): Dimensions {
  const HS = roundUp(config.headSize, 4);
  if (HS > widestHead) {
    throw new GptletError(
      'UNSUPPORTED_MODEL',
      `Attention heads of ${config.headSize} values are wider than the WebGPU backend's ${widestHead}. Use backend 'wasm'.`,
    );
  }
  return {
    C: roundUp(config.nEmbd, 32),
    HS,
    A: roundUp(HS * config.nHead, 32),
    KV: roundUp(HS * config.nKvHead, 32),
    I: roundUp(config.nInner, 32),
    V: roundUp(config.vocabSize, 32),
  };
}

/** The next multiple of `step`. */
export const roundUp = (value: number, step: number): number => Math.ceil(value / step) * step;
