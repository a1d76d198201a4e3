import type { ModelConfig } from '../../model/config.ts';
import type { Dimensions } from './dimensions.ts';

/** Where something goes in a padded place, from where it stands in a checkpoint. */
export type Place = (index: number) => number;

/** A value of all heads together: heads are padded, nothing else changes. */
export const inHeads = ({ headSize }: ModelConfig, { HS }: Dimensions): Place =>
  HS === headSize ? (c) => c : (c) => Math.floor(c / headSize) * HS + (c % headSize);

/**
 * A value of the queries or keys of a layer. Those that turn together stand side by side, so that one lane has both; products of
 * queries and keys are the same in any order.
 */
export function inTurningHeads({ headSize, rotary }: ModelConfig, { HS }: Dimensions, layer: number): Place {
  const size = rotary[layer]?.size ?? 0;
  const half = size / 2;
  return (c) => {
    const i = c % headSize;
    const turned = i < half ? 2 * i : i < size ? 2 * (i - half) + 1 : i;
    return Math.floor(c / headSize) * HS + turned;
  };
}

/** A row of a qkv layer: all queries, all keys, all values. */
export function inQkv(config: ModelConfig, dimensions: Dimensions, layer: number): Place {
  const { A, KV } = dimensions;
  const queries = config.nHead * config.headSize;
  const keys = config.nKvHead * config.headSize;
  const turning = inTurningHeads(config, dimensions, layer);
  const still = inHeads(config, dimensions);
  return (row) => {
    if (row < queries) return turning(row);
    const key = row - queries;
    return key < keys ? A + turning(key) : A + KV + still(key - keys);
  };
}

/** A row of a gated layer up: gate and up by turns, so that one lane has both. */
export const inGatedRows =
  ({ nInner }: ModelConfig): Place =>
  (row) =>
    row < nInner ? 2 * row : 2 * (row - nInner) + 1;

/** A row of a convolution's first layer, whose three parts are padded each. */
export const inConvolutionRows =
  ({ nEmbd }: ModelConfig, { C }: Dimensions): Place =>
  (row) =>
    Math.floor(row / nEmbd) * C + (row % nEmbd);
