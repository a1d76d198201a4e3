import type { ModelConfig } from '../../model/config.ts';
import type { Dtype } from '../../model/dtype.ts';
import type { TensorPart } from '../../model/tensor.ts';
import { unusableWeight } from '../../model/unusable-weight.ts';
import type { QuantiseRows } from '../../quantising/row-quantiser.ts';
import { storageBuffer } from './buffers.ts';
import { type Dimensions, planDimensions } from './dimensions.ts';
import { normsResults } from './layer-kinds.ts';
import { Matrix, type Placement } from './matrix.ts';
import { inConvolutionRows, inGatedRows, inHeads, inQkv, inTurningHeads, type Place } from './placements.ts';

/**
 * A linear layer: its matrix, and its small vectors in one buffer: gain (K) and shift (K) of the norm before it (where
 * there may be one), the same of the norm of what the sub-layer before gave (where there is one), then the bias (N). Behind that of
 * qkv stand the gains of queries and of keys.
 */
export interface Linear {
  readonly matrix: Matrix;
  readonly params: GPUBuffer;
  /** Where the bias starts in `params`, counted in floats. */
  readonly bias: number;
  /** Of a layer with an adapter, whose `params` are others: see shaders/parts/bias-adapted.wgsl. */
  readonly rank?: number;
}

/** The layers of one block. */
export interface BlockWeights {
  /** qkv, or the first layer of a convolution. */
  readonly into: Linear;
  /** The projection, or the last layer of a convolution. */
  readonly out: Linear;
  readonly up: Linear;
  readonly down: Linear;
  /** A convolution's kernel (convolutionSize, C), then its bias (C). */
  readonly kernel?: GPUBuffer;
}

/** All weights of a model in GPU buffers, each reachable under its canonical name. */
export class Weights {
  readonly dimensions: Dimensions;
  readonly tokenEmbedding: Matrix;
  readonly positionEmbedding: Matrix | undefined;
  readonly blocks: readonly BlockWeights[];
  /** Those of blocks by their canonical names, without `.weight`. */
  readonly linears: Map<string, Linear> = new Map();
  /** The language-model head; its vectors are those of the norm right before it, and its bias. */
  readonly head: Linear;
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
    this.dimensions = planDimensions(config);
    const { C, V } = this.dimensions;
    const joins = normsResults(config);
    /** Floats of the norms before a layer that reads the stream. */
    const norms = (joins ? 4 : 2) * C;

    this.tokenEmbedding = this.#matrix('tokenEmbedding', dtype, V, C);
    // Those of positions that the context leaves out are not kept.
    const places = Math.min(config.learnedPositions, config.nCtx);
    this.positionEmbedding = places > 0 ? this.#matrix('positionEmbedding', 'f32', places, C) : undefined;
    this.blocks = Array.from({ length: config.nLayer }, (_, layer) => this.#block(config, layer, dtype, norms));
    const head = config.tiedHead ? this.tokenEmbedding : this.#matrix('head.weight', dtype, V, C);
    this.head = { matrix: head, params: this.#vector('head', norms + V), bias: norms };
    this.#writers.set('head.bias', (part) => this.#writeVector(this.head.params, norms, part));
    this.lastBlockNorm = this.#vector('last norm', 2 * C);

    // Each norm belongs to the layer that reads its result.
    const post = config.normPlacement === 'post';
    this.blocks.forEach(({ into, up }, layer) => {
      const block = `blocks.${layer}`;
      const next = this.blocks[layer + 1]?.into.params;
      const after = next ?? (config.finalNorm && post ? this.lastBlockNorm : this.head.params);
      this.#norm(`${block}.norm1`, post ? up.params : into.params);
      this.#norm(`${block}.norm2`, post ? after : up.params);
      if (joins) {
        this.#norm(`${block}.outputNorm1`, up.params, 2 * C);
        this.#norm(`${block}.outputNorm2`, after, 2 * C);
      }
    });
    if (config.finalNorm) this.#norm('finalNorm', this.head.params);
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

  #block(config: ModelConfig, layer: number, dtype: Dtype, norms: number): BlockWeights {
    const { C, I } = this.dimensions;
    const block = `blocks.${layer}`;
    const mixer =
      config.blockKind[layer] === 'attention'
        ? this.#attention(config, layer, dtype, norms)
        : {
            into: this.#linear(`${block}.convolution.in`, dtype, 3 * C, C, norms, {
              row: inConvolutionRows(config, this.dimensions),
            }),
            out: this.#linear(`${block}.convolution.out`, dtype, C, C, 0),
            kernel: this.#kernel(`${block}.convolution.kernel`, config.convolutionSize),
          };
    return {
      ...mixer,
      up: config.gatedMlp
        ? this.#linear(`${block}.mlp.up`, dtype, 2 * I, C, norms, { row: inGatedRows(config) })
        : this.#linear(`${block}.mlp.up`, dtype, I, C, norms),
      down: this.#linear(`${block}.mlp.down`, dtype, C, I, 0),
    };
  }

  #attention(config: ModelConfig, layer: number, dtype: Dtype, norms: number): Pick<BlockWeights, 'into' | 'out'> {
    const { C, A, KV, HS } = this.dimensions;
    const attention = `blocks.${layer}.attention`;
    const row = inQkv(config, this.dimensions, layer);
    const gains = config.queryKeyNorm === 'none' ? 0 : A + KV;
    const into = this.#linear(`${attention}.qkv`, dtype, A + 2 * KV, C, norms, { row }, gains);
    // A norm of all heads together has a gain for each value of each head, else all heads have the same.
    const place = inTurningHeads(config, this.dimensions, layer);
    const behind = norms + A + 2 * KV;
    for (const [name, at] of [
      ['queryNorm', behind],
      ['keyNorm', behind + A],
    ] as const) {
      this.#writers.set(`${attention}.${name}.weight`, (part) => this.#writeVector(into.params, at, part, place));
    }
    // Heads without padding leave the columns where they are.
    const inputs = HS === config.headSize ? {} : { column: inHeads(config, this.dimensions) };
    return { into, out: this.#linear(`${attention}.projection`, dtype, C, A, 0, inputs) };
  }

  /** @param more floats behind the bias */
  #linear(name: string, dtype: Dtype, N: number, K: number, bias: number, placement: Placement = {}, more = 0): Linear {
    const matrix = this.#matrix(`${name}.weight`, dtype, N, K, placement);
    const params = this.#vector(name, bias + N + more);
    this.#writers.set(`${name}.bias`, (part) => this.#writeVector(params, bias, part, placement.row));
    const linear = { matrix, params, bias };
    this.linears.set(name, linear);
    return linear;
  }

  /** A convolution's kernel, each position's weights of all channels in a row. */
  #kernel(name: string, size: number): GPUBuffer {
    const { C } = this.dimensions;
    const buffer = this.#vector(name, (size + 1) * C);
    this.#writers.set(`${name}.weight`, (part) => {
      const { data, rows, rowOffset, rowStride, columnStride } = part;
      for (let position = 0; position < size; position++) {
        const values = Float32Array.from({ length: rows }, (_, r) => data[r * rowStride + position * columnStride]);
        const bad = values.findIndex((value) => !Number.isFinite(value));
        if (bad >= 0) throw unusableWeight(part, bad);
        this.#device.queue.writeBuffer(buffer, (position * C + rowOffset) * 4, values);
      }
    });
    this.#writers.set(`${name}.bias`, (part) => this.#writeVector(buffer, size * C, part));
    return buffer;
  }

  #norm(name: string, params: GPUBuffer, at = 0): void {
    this.#writers.set(`${name}.weight`, (part) => this.#writeVector(params, at, part));
    this.#writers.set(`${name}.bias`, (part) => this.#writeVector(params, at + this.dimensions.C, part));
  }

  #vector(label: string, length: number): GPUBuffer {
    const buffer = storageBuffer(this.#device, label, length * 4, GPUBufferUsage.COPY_SRC);
    this.#buffers.push(buffer);
    this.bytes += length * 4;
    return buffer;
  }

  /** Vectors come whole, in one row. What lies between the places of their values is padding. */
  #writeVector(buffer: GPUBuffer, offset: number, part: TensorPart, place: Place = (index) => index): void {
    const { data, columns, columnStride } = part;
    const places = Array.from({ length: columns }, (_, i) => place(i));
    const values = new Float32Array(places.reduce((most, at) => Math.max(most, at), 0) + 1);
    for (let i = 0; i < columns; i++) values[places[i]] = data[i * columnStride];
    if (!values.every(Number.isFinite)) throw unusableWeight(part, 0);
    this.#device.queue.writeBuffer(buffer, offset * 4, values);
  }
}
