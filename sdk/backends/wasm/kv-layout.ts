import type { ModelConfig } from '../../model/config.ts';
import { largest } from '../largest.ts';

/** The next multiple. */
export const roundUp = (value: number, multiple: number): number => Math.ceil(value / multiple) * multiple;

/** Positions lie in blocks of this many, see wasm/kernels/attention-bytes.ts. */
export const blockPositions = 16;

/**
 * What one layer keeps of a sequence. Its part of a slot is a row of streams, one after the other, each with room for equally
 * many positions: whoever moves positions needs to know no more. Keys of each head, values of each head in chunks of channels,
 * then where they are bytes the scales of keys and of values; a convolution's gated inputs are one stream.
 */
export interface LayerCache {
  /** Bytes of a position in each stream. */
  readonly streams: readonly number[];
  /** Their sum. */
  readonly positionBytes: number;
  /** How many positions a token looks back, its own included; 0 is all. */
  readonly window: number;
}

/** @param floats whether keys and values are f32; else they are bytes with scales */
export function planLayerCaches(config: ModelConfig, floats: boolean): LayerCache[] {
  const { headSize, nKvHead, nEmbd } = config;
  const heads = <V>(value: readonly V[]): V[] => Array.from({ length: nKvHead }, () => value).flat();
  const headBytes = floats ? 4 * roundUp(headSize, 4) : roundUp(headSize, 16);
  const chunk = floats ? 128 : 16;
  const chunks = Array.from({ length: Math.ceil(headBytes / chunk) }, (_, i) => Math.min(chunk, headBytes - i * chunk));
  const scales = floats ? [] : heads([4, 4]);
  const attention = [...heads([headBytes]), ...heads(chunks), ...scales];
  return config.blockKind.map((kind, layer) => {
    const streams = kind === 'attention' ? attention : [4 * roundUp(nEmbd, 64)];
    const window = kind === 'attention' ? config.attentionWindow[layer] : config.convolutionSize;
    return { streams, positionBytes: streams.reduce((sum, bytes) => sum + bytes, 0), window };
  });
}

/**
 * How many positions a layer keeps when passes have `tokens` tokens and the cache has room for `capacity`. A window is moved to
 * the front when the layer is full, so that room for as many again makes that cheap, and going back a little stays free.
 */
export function keptPositions({ window }: LayerCache, tokens: number, capacity: number): number {
  if (window === 0) return capacity;
  return Math.min(capacity, roundUp(window + Math.max(window, 512, tokens) + blockPositions, blockPositions));
}

/** Where everything lies that grows with the cache's capacity, in bytes. */
export interface KvPlace {
  /** Positions that one sequence may hold, a multiple of 16. */
  readonly capacity: number;
  /** Most tokens that follow a position without windows being moved. */
  readonly tokens: number;
  /** The first slot; others follow at `slotBytes`. */
  readonly slots: number;
  readonly slotBytes: number;
  /** Per layer, within a slot. */
  readonly layers: readonly { readonly cache: number; readonly positions: number }[];
}

/** What a cache's place follows from besides its capacity. */
export interface KvPlan {
  readonly layers: readonly LayerCache[];
  /** First address that nothing else uses. */
  readonly start: number;
  /** Most tokens that go through the layers at once. */
  readonly mostTokens: number;
}

/** Positions that a cache has room for before anything is in it. */
export const initialCapacity = (nCtx: number): number => roundUp(Math.min(nCtx, 512), blockPositions);

/** Lays a cache out for so many positions. */
export function placeCache(plan: KvPlan, capacity: number, tokens: number = plan.mostTokens): KvPlace {
  let slotBytes = 0;
  const layers = plan.layers.map((layer) => {
    const positions = keptPositions(layer, tokens, capacity);
    const cache = slotBytes;
    slotBytes += positions * layer.positionBytes;
    return { cache, positions };
  });
  return { capacity, tokens, slots: plan.start, slotBytes, layers };
}

/** The largest capacity up to `most` with which `count` slots end before `limit`; 0 if there is none. */
export function largestCapacity(plan: KvPlan, count: number, most: number, limit: number): number {
  const fits = (blocks: number): boolean => {
    const { slots, slotBytes } = placeCache(plan, blocks * blockPositions);
    return slots + count * slotBytes <= limit;
  };
  return largest(0, Math.ceil(most / blockPositions), fits) * blockPositions;
}
