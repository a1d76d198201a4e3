import { type Adapter, type LoraPair, loraNames } from '../../model/adapter.ts';
import { missingPart } from '../missing-part.ts';
import { storageBuffer } from './buffers.ts';
import { roundUp } from './dimensions.ts';
import type { GpuDevice } from './gpu-device.ts';
import type { LowStore } from './kernel-factory.ts';
import { Matrix } from './matrix.ts';
import type { Linear, Weights } from './weights.ts';

/** A linear layer with an adapter: all its pairs as one, whose ranks add up. */
export interface AdaptedLinear {
  /** The first factor, (rank, K), behind the layer's own norm. What it gives goes to `store`. */
  readonly low: Linear;
  readonly store: LowStore;
  /** The layer itself, which adds the second factor's share as it adds its bias; params of bias-adapted.wgsl. */
  readonly layer: Linear;
}

/** An adapter on the GPU: what the layers that it changes need besides. */
export interface Adaptation {
  readonly layers: ReadonlyMap<Linear, AdaptedLinear>;
  readonly bytes: number;
  destroy(): void;
}

/** Makes an {@link Adaptation}; few engines have it. */
export type CreateAdaptation = (
  gpu: GpuDevice,
  weights: Weights,
  chunk: number,
  adapter: Adapter,
) => Promise<Adaptation>;

/** See {@link CreateAdaptation}. */
export const createAdaptation: CreateAdaptation = async (gpu, weights, chunk, { pairs }) => {
  const pairsOf = new Map<Linear, LoraPair[]>();
  for (const pair of pairs) {
    const linear = weights.linears.get(`blocks.${pair.block}.${pair.linear}`) as Linear;
    pairsOf.set(linear, [...(pairsOf.get(linear) ?? []), pair]);
  }
  const floats = pairs.reduce((sum, { a, b }) => sum + a.length + b.length, 0);
  const layers = await gpu.allocate(
    floats * 4,
    'an adapter',
    () => new Map(Array.from(pairsOf, ([linear, those]) => [linear, makeLayer(gpu.device, linear, those, chunk)])),
  );
  let bytes = 0;
  for (const { low, store } of layers.values()) bytes += low.matrix.bytes + store.y.size;
  const destroy = (): void => {
    for (const { low, store } of layers.values()) {
      low.matrix.destroy();
      store.y.destroy();
    }
  };
  try {
    for (const [linear, adapted] of layers) {
      await writePairs(gpu.device, linear, adapted, pairsOf.get(linear) as LoraPair[]);
    }
  } catch (error) {
    destroy();
    throw error;
  }
  return { layers, bytes, destroy };
};

/** Room for a layer's pairs, and for what their first factors give of a chunk's tokens. */
function makeLayer(
  device: GPUDevice,
  { matrix, params, bias }: Linear,
  pairs: readonly LoraPair[],
  chunk: number,
): AdaptedLinear {
  const ranks = pairs.reduce((sum, { rank }) => sum + rank, 0);
  const rank = roundUp(ranks, 4);
  const { N, K, placement } = matrix;
  const a = new Matrix(device, 'adapter a', 'f32', rank, K, { column: placement.column });
  const y = storageBuffer(device, 'adapter b', 4 * (rank * chunk + (1 + rank) * N));
  return {
    low: { matrix: a, params, bias },
    store: { kind: 'low', y, rank },
    layer: { matrix, params: y, bias: rank * chunk, rank },
  };
}

/** Copies the layer's bias and uploads its pairs, each at its ranks: a as it is, b across and scaled, both padded as the layer is. */
async function writePairs(
  device: GPUDevice,
  { matrix, params, bias }: Linear,
  { low, store, layer }: AdaptedLinear,
  pairs: readonly LoraPair[],
): Promise<void> {
  const { N, placement } = matrix;
  const place = placement.row ?? ((row) => row);
  const across = new Float32Array(store.rank * N);
  let first = 0;
  for (const pair of pairs) {
    const { a, b, rank, inputs, outputs, firstOutput, scale } = pair;
    const part = { name: loraNames(pair).a, rowOffset: first, rows: rank, columns: inputs, data: a };
    await low.matrix.write({ ...part, rowStride: inputs, columnStride: 1 }, () =>
      missingPart('what quantises weights'),
    );
    for (let o = 0; o < outputs; o++) {
      const row = place(firstOutput + o);
      for (let r = 0; r < rank; r++) across[(first + r) * N + row] = scale * b[o * rank + r];
    }
    first += rank;
  }
  const encoder = device.createCommandEncoder();
  encoder.copyBufferToBuffer(params, bias * 4, store.y, layer.bias * 4, N * 4);
  device.queue.submit([encoder.finish()]);
  device.queue.writeBuffer(store.y, (layer.bias + N) * 4, across);
}
