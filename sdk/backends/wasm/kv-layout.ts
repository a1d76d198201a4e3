import type { ModelConfig } from '../../model/config.ts';

/** The key-value cache, strides in bytes; see wasm/kernels/attention-bytes.ts and attention-f32.ts. */
export interface KvLayout {
  /** Of one position's values in a head, how many lie together, before those of other positions. */
  readonly chunkBytes: number;
  readonly keyHeadBytes: number;
  readonly valueHeadBytes: number;
  readonly scaleHeadBytes: number;
  readonly valueOffset: number;
  readonly keyScaleOffset: number;
  readonly valueScaleOffset: number;
  readonly layerBytes: number;
  readonly slotBytes: number;
}

/** The next multiple. */
export const roundUp = (value: number, multiple: number): number => Math.ceil(value / multiple) * multiple;

/** @param floats whether keys and values are f32; else they are bytes with scales */
export function planKvCache(config: ModelConfig, floats: boolean): KvLayout {
  const { nHead, nCtx, nLayer } = config;
  const positions = roundUp(nCtx, 16);
  const headBytes = positions * (floats ? 4 * roundUp(config.headSize, 4) : roundUp(config.headSize, 16));
  const scaleHeadBytes = floats ? 0 : positions * 4;
  const valueOffset = nHead * headBytes;
  const keyScaleOffset = 2 * valueOffset;
  const valueScaleOffset = keyScaleOffset + nHead * scaleHeadBytes;
  const layerBytes = roundUp(valueScaleOffset + nHead * scaleHeadBytes, 64);
  return {
    chunkBytes: floats ? 128 : 16,
    ...{ keyHeadBytes: headBytes, valueHeadBytes: headBytes, scaleHeadBytes },
    ...{ valueOffset, keyScaleOffset, valueScaleOffset, layerBytes },
    slotBytes: nLayer * layerBytes,
  };
}
