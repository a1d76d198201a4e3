import type { ModelConfig } from '../../model/config.ts';
import type { Dtype } from '../../model/dtype.ts';
import { type Dimensions, roundUp } from './dimensions.ts';
import { structOffsets } from './layouts.gen.ts';

/** Most tokens that the GPU chooses on its own before the CPU looks. */
export const mostStepsAhead = 64;
/** Candidates that sampling may ask for. */
export const mostCandidates = 448;

/** A buffer that the CPU or a copy writes and kernels use, and whatever else `usage` says. */
export const storageBuffer = (device: GPUDevice, label: string, size: number, usage = 0): GPUBuffer =>
  device.createBuffer({ label, size, usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST | usage });

/** Everything between the weights and the result, made once. T is at most `chunk`. */
export class Buffers {
  /** Run of shaders/parts/run.wgsl. */
  readonly run: GPUBuffer;
  /** Residual stream (T, C), before and after the attention half of a block; post-norm models use the second only. */
  readonly x: GPUBuffer;
  readonly between: GPUBuffer;
  /** Normalised stream (T, C). */
  readonly normed: GPUBuffer;
  /** Queries (T, A). */
  readonly q: GPUBuffer;
  /** Attention's result (T, A), or (SPLITS, A) of one token. */
  readonly mixed: GPUBuffer;
  /** (SPLITS, NH) of attention.wgsl. */
  readonly stats: GPUBuffer;
  /** Feed-forward layer (T, I). */
  readonly inner: GPUBuffer;
  /** Normalised stream of the token whose logits are wanted (C). */
  readonly last: GPUBuffer;
  /** Logits of one token (V). */
  readonly logits: GPUBuffer;
  /** What argmax.wgsl chose. */
  readonly chosen: GPUBuffer;
  /** What candidates.wgsl found. */
  readonly found: GPUBuffer;
  /** Per layer: Settings of attention.wgsl. */
  readonly settings: readonly GPUBuffer[];
  readonly #all: GPUBuffer[] = [];
  readonly #device: GPUDevice;

  constructor(device: GPUDevice, config: ModelConfig, { C, A, I, V }: Dimensions, chunk: number, splits: number) {
    this.#device = device;
    const make = (label: string, values: number): GPUBuffer => this.make(label, values * 4);
    this.run = make('run', structOffsets.Run.tokens / 4 + 2 * chunk);
    this.x = make('x', chunk * C);
    this.between = make('between', chunk * C);
    this.normed = make('normed', chunk * C);
    this.q = make('q', chunk * A);
    this.mixed = make('mixed', Math.max(chunk, splits) * A);
    this.stats = make('stats', splits * config.nHead * 2);
    this.inner = make('inner', chunk * I);
    this.last = make('last', C);
    this.logits = make('logits', V);
    this.chosen = make('chosen', mostStepsAhead);
    this.found = make('found', 3 + 2 * mostCandidates);
    this.settings = config.attentionScale.map((scale, layer) => {
      const buffer = this.make('settings', 16, GPUBufferUsage.UNIFORM);
      const values = new DataView(new ArrayBuffer(16));
      values.setUint32(structOffsets.Settings.window, config.attentionWindow[layer], true);
      values.setFloat32(structOffsets.Settings.scale, scale, true);
      device.queue.writeBuffer(buffer, 0, values.buffer);
      return buffer;
    });
  }

  make(label: string, size: number, usage = 0): GPUBuffer {
    const buffer = storageBuffer(this.#device, label, size, GPUBufferUsage.COPY_SRC | usage);
    this.#all.push(buffer);
    return buffer;
  }

  destroy(): void {
    for (const buffer of this.#all) buffer.destroy();
  }
}

/** One sequence's KV cache: a buffer a layer, keys (nCtx, A), then values (nCtx, A). */
export class KvSlot {
  readonly layers: readonly GPUBuffer[];
  readonly bytes: number;
  /** Bytes of one token's keys in one layer. */
  readonly tokenBytes: number;
  readonly #valuesAt: number;

  constructor(device: GPUDevice, config: ModelConfig, { A }: Dimensions, dtype: Dtype) {
    this.tokenBytes = A * kvValueBytes(dtype);
    this.#valuesAt = config.nCtx * this.tokenBytes;
    this.bytes = config.nLayer * 2 * this.#valuesAt;
    this.layers = Array.from({ length: config.nLayer }, (_, layer) =>
      storageBuffer(device, `kvCache ${layer}`, roundUp(2 * this.#valuesAt, 4), GPUBufferUsage.COPY_SRC),
    );
  }

  /** Copies the first tokens of another slot. */
  copyFrom(encoder: GPUCommandEncoder, other: KvSlot, tokens: number): void {
    const size = tokens * this.tokenBytes;
    this.layers.forEach((buffer, layer) => {
      encoder.copyBufferToBuffer(other.layers[layer], 0, buffer, 0, size);
      encoder.copyBufferToBuffer(other.layers[layer], this.#valuesAt, buffer, this.#valuesAt, size);
    });
  }

  destroy(): void {
    for (const buffer of this.layers) buffer.destroy();
  }
}

/** Keys and values are as exact as f32 weights need them, and half as large otherwise. */
export const kvValueBytes = (dtype: Dtype): number => (dtype === 'f32' ? 4 : 2);
