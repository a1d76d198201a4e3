import type { ModelConfig } from '../../model/config.ts';

/** Whether what a sub-layer gives is normalised before it is added to the stream. */
export const normsResults = ({ normPlacement }: ModelConfig): boolean =>
  normPlacement === 'output' || normPlacement === 'sandwich';

/**
 * Whether queries, keys and values of a layer pass heads.wgsl on their way: where the first two are changed, and where the qkv
 * layer reads from too many buffers to write to the cache besides. Without a layer: whether those of any layer do.
 */
export const passesHeads = (config: ModelConfig, layer?: number): boolean =>
  config.queryKeyNorm !== 'none' ||
  normsResults(config) ||
  (layer === undefined ? config.rotary.some((turn) => turn) : config.rotary[layer] !== null);
