import type { ModelConfig } from '../../model/config.ts';
import type { Dtype } from '../../model/dtype.ts';
import type { TensorPart } from '../../model/tensor.ts';
import { unusableWeight } from '../../model/unusable-weight.ts';
import type { QuantiseRows } from '../../quantising/row-quantiser.ts';
import { storageBuffer } from './buffers.ts';
import { type Dimensions, planDimensions } from './dimensions.ts';
import { Matrix, type Placement } from './matrix.ts';

/**
 * A linear layer: its matrix, and its small vectors in one buffer: gain (K) and shift (K) of the norm before it (where
 * there may be one), then the bias (N).
 */
export interface Linear {
  readonly matrix: Matrix;
  readonly params: GPUBuffer;
  /** Where the bias starts in `params`, counted in floats. */
  readonly bias: number;
}

/** The layers of one block. */
export type BlockWeights = Readonly<Record<'qkv' | 'projection' | 'up' | 'down', Linear>>;

/** All weights of a model in GPU buffers, each reachable under its canonical name. */
export class Weights {
  readonly dimensions: Dimensions;
  readonly tokenEmbedding: Matrix;
  readonly positionEmbedding: Matrix;
  readonly blocks: readonly BlockWeights[];
  readonly head: Matrix;
  /** Gain and shift of the norm right before the head. */
  readonly headNorm: GPUBuffer;
  /** In a post-norm model with a final norm besides: gain and shift of the last block's norm. */
  readonly lastBlockNorm: GPUBuffer;
  bytes = 0;
  readonly #device: GPUDevice;
  readonly #quantiser: () => Promise<QuantiseRows>;
  readonly #writers = new Map<string, (part: TensorPart) => void | Promise<void>>();
  readonly #buffers: { destroy(): void }[] = [];

  constructor(device: GPUDevice, config: ModelConfig, dtype: Dtype, quantiser: () => Promise<QuantiseRows>) {
    this.#device = device;
    this.#quantiser = quantiser;
    const { nEmbd, nLayer, nCtx } = config;
    const { C, A, HS, I, V } = (this.dimensions = planDimensions(config));
    const width = config.headSize;
    const inHeads = (c: number): number => Math.floor(c / width) * HS + (c % width);
    // Heads without padding leave the columns where they are.
    const inputs = HS === width ? {} : { column: inHeads };
    const qkvRow = (row: number): number => Math.floor(row / nEmbd) * A + inHeads(row % nEmbd);

    this.tokenEmbedding = this.#matrix('tokenEmbedding', dtype, V, C);
    this.positionEmbedding = this.#matrix('positionEmbedding', 'f32', nCtx, C);
    this.blocks = Array.from({ length: nLayer }, (_, layer) => {
      const block = `blocks.${layer}`;
      return {
        qkv: this.#linear(`${block}.attention.qkv`, dtype, 3 * A, C, 2 * C, { row: qkvRow }),
        projection: this.#linear(`${block}.attention.projection`, dtype, C, A, 0, inputs),
        up: this.#linear(`${block}.mlp.up`, dtype, I, C, 2 * C),
        down: this.#linear(`${block}.mlp.down`, dtype, C, I, 0),
      };
    });
    this.head = config.tiedHead ? this.tokenEmbedding : this.#matrix('head.weight', dtype, V, C);
    this.headNorm = this.#vector('head norm', 2 * C);
    this.lastBlockNorm = this.#vector('last norm', 2 * C);

    // Each norm belongs to the layer that reads its result.
    const pre = config.normPlacement === 'pre';
    this.blocks.forEach(({ qkv, up }, layer) => {
      const next = this.blocks[layer + 1]?.qkv.params ?? (config.finalNorm ? this.lastBlockNorm : this.headNorm);
      this.#norm(`blocks.${layer}.norm1`, pre ? qkv.params : up.params);
      this.#norm(`blocks.${layer}.norm2`, pre ? up.params : next);
    });
    if (config.finalNorm) this.#norm('finalNorm', this.headNorm);
  }

  /** Copies a part of a checkpoint's tensor to where it belongs; those of a fine-tuned head, which runs outside the engine, nowhere. */
  async set(part: TensorPart): Promise<void> {
    await this.#writers.get(part.name)?.(part);
  }

  destroy(): void {
    for (const buffer of this.#buffers) buffer.destroy();
  }

  #matrix(name: string, dtype: Dtype, N: number, K: number, placement?: Placement): Matrix {
    const matrix = new Matrix(this.#device, name, dtype, N, K, placement);
    this.#buffers.push(matrix);
    this.bytes += matrix.bytes;
    this.#writers.set(name, (part) => matrix.write(part, this.#quantiser));
    return matrix;
  }

  #linear(name: string, dtype: Dtype, N: number, K: number, bias: number, placement: Placement = {}): Linear {
    const matrix = this.#matrix(`${name}.weight`, dtype, N, K, placement);
    const params = this.#vector(name, bias + N);
    this.#writers.set(`${name}.bias`, (part) => this.#writeVector(params, bias, part, placement.row));
    return { matrix, params, bias };
  }

  #norm(name: string, params: GPUBuffer): void {
    this.#writers.set(`${name}.weight`, (part) => this.#writeVector(params, 0, part));
    this.#writers.set(`${name}.bias`, (part) => this.#writeVector(params, this.dimensions.C, part));
  }

  #vector(label: string, length: number): GPUBuffer {
    const buffer = storageBuffer(this.#device, label, length * 4);
    this.#buffers.push(buffer);
    this.bytes += length * 4;
    return buffer;
  }

  /** Vectors come whole, in one row; neighbours are written together. */
  #writeVector(buffer: GPUBuffer, offset: number, part: TensorPart, place = (index: number): number => index): void {
    const { data, columns, columnStride } = part;
    for (let first = 0; first < columns; ) {
      let count = 1;
      while (first + count < columns && place(first + count) === place(first) + count) count++;
      const values = Float32Array.from({ length: count }, (_, i) => data[(first + i) * columnStride]);
      if (!values.every(Number.isFinite)) throw unusableWeight(part, 0);
      this.#device.queue.writeBuffer(buffer, (offset + place(first)) * 4, values);
      first += count;
    }
  }
}
