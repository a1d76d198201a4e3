import { GptletError } from '../../errors/gptlet-error.ts';
import type { ModelConfig } from '../../model/config.ts';
import type { Dtype } from '../../model/dtype.ts';
import { largest } from '../largest.ts';
import type { Dimensions } from './dimensions.ts';

/** What one layer keeps of a sequence. */
export interface LayerLayout {
  /** Bytes of a row: of one position's keys, of its values, or of a convolution's inputs. */
  readonly rowBytes: number;
  /** Rows a position: 2, or 1 of a convolution. */
  readonly kinds: number;
  /** See ModelConfig.attentionWindow. */
  readonly window: number;
  readonly scale: number;
  /** Most positions that are kept at a time. */
  readonly most: number;
}

/** Positions that a cache has room for at first: what short contexts need in all. */
export const firstCapacity = 1024;

/** By default a context takes no more than that, in bytes, when it is full. */
const usualCacheBytes = 2 ** 31;

/** Keys and values are as exact as f32 weights need them, and half as large otherwise. */
export const kvValueBytes = (dtype: Dtype): number => (dtype === 'f32' ? 4 : 2);

/** What all layers keep. Those with a window keep it and some tokens more, so that the rest is dropped seldom. */
export function cacheLayout(config: ModelConfig, { C, KV }: Dimensions, dtype: Dtype, chunk: number): LayerLayout[] {
  return config.blockKind.map((kind, layer) => {
    const window = kind === 'attention' ? config.attentionWindow[layer] : 0;
    return {
      rowBytes: (kind === 'attention' ? KV : C) * kvValueBytes(dtype),
      kinds: kind === 'attention' ? 2 : 1,
      window,
      scale: config.attentionScale[layer],
      most: window > 0 ? Math.min(config.nCtx, window + Math.max(window, 512, chunk)) : config.nCtx,
    };
  });
}

/** Bytes of a cache of so many positions in the layer that takes most. */
const largestLayer = (layout: readonly LayerLayout[], context: number): number =>
  Math.max(...layout.map(({ rowBytes, kinds, most }) => rowBytes * kinds * Math.min(most, context)));

/** Bytes of a whole cache of so many positions. */
const allLayers = (layout: readonly LayerLayout[], context: number): number =>
  layout.reduce((sum, { rowBytes, kinds, most }) => sum + rowBytes * kinds * Math.min(most, context), 0);

/** The model's own context. Positions that are learned end with their table. */
const ownContext = ({ nCtx, learnedPositions }: ModelConfig): number => Math.min(nCtx, learnedPositions || nCtx);

/** The context of an engine that is not asked for another, as far as the device holds it. */
const usualContext = (config: ModelConfig, layout: readonly LayerLayout[]): number =>
  largest(1, ownContext(config), (n) => allLayers(layout, n) <= usualCacheBytes);

/** Bytes that one layer's cache would like to have in one binding, to hold the context that is asked for or the usual one. */
export function wantedBinding(config: ModelConfig, layout: readonly LayerLayout[], asked: number | undefined): number {
  return largestLayer(layout, Math.min(asked ?? usualContext(config, layout), config.nCtx));
}

/**
 * The context that an engine is built for: what is asked for, or as much of the model's own as one binding a layer can hold and
 * as is usual in all.
 *
 * @param binding bytes that the device can bind
 * @throws GptletError OUT_OF_MEMORY where more is asked for than one binding can hold
 */
export function planContext(
  config: ModelConfig,
  layout: readonly LayerLayout[],
  asked: number | undefined,
  binding: number,
): number {
  const own = ownContext(config);
  const most = largest(1, own, (n) => largestLayer(layout, n) <= binding);
  const context = asked === undefined ? Math.min(most, usualContext(config, layout)) : Math.min(asked, own);
  if (context <= most) return context;
  throw new GptletError(
    'OUT_OF_MEMORY',
    `A context of ${context} tokens takes ${largestLayer(layout, context)} bytes a layer, and this GPU binds ${binding} at most: ${most} tokens fit. Load the model with contextLength ${most} or less.`,
  );
}
