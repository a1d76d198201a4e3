import type { ModelConfig } from '../../model/config.ts';
import type { Dimensions } from './dimensions.ts';
import { normsResults, passesHeads } from './layer-kinds.ts';
import { structOffsets } from './layouts.gen.ts';

/** Most tokens that the GPU chooses on its own before the CPU looks. */
export const mostStepsAhead = 64;
/** Candidates that sampling may ask for. */
export const mostCandidates = 448;
/** Logits that are listed before the candidates are ranked: some 480 are, where they are not equal by the thousand. */
export const mostListed = 1024;
/** Groups whose largest logits say which others come into question; and workgroups that find them. */
export const peaks = 4096;
export const peakGroups = 16;
/** Most workgroups that look for the largest logit. */
export const mostArgmaxGroups = 32;

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
  /** What a sub-layer gives before its norm (T, C), where that is normalised. */
  readonly added: GPUBuffer;
  /** Queries (T, A), or queries, keys and values (T, A + 2 KV) on their way through heads.wgsl; a convolution's gates (T, 3 C). */
  readonly q: GPUBuffer;
  /** Attention's or a convolution's result (T, A), or (SPLITS, A) of one token. */
  readonly mixed: GPUBuffer;
  /** (SPLITS, NH) of attention.wgsl. */
  readonly stats: GPUBuffer;
  /** Feed-forward layer (T, I). */
  readonly inner: GPUBuffer;
  /** Normalised stream of the token whose logits are wanted (C). */
  readonly last: GPUBuffer;
  /** Logits of one token (V). */
  readonly logits: GPUBuffer;
  /** What argmax.wgsl found (workgroups, 2), and what choose.wgsl chose of it in each step. */
  readonly best: GPUBuffer;
  readonly chosen: GPUBuffer;
  /** What stands between the candidates-*.wgsl, and what the last of them found. */
  readonly peaks: GPUBuffer;
  readonly sums: GPUBuffer;
  readonly listed: GPUBuffer;
  readonly found: GPUBuffer;
  readonly #all: GPUBuffer[] = [];
  readonly #device: GPUDevice;

  constructor(device: GPUDevice, config: ModelConfig, { C, A, KV, I, V }: Dimensions, chunk: number, splits: number) {
    const convolves = config.convolutionSize > 0;
    this.#device = device;
    const make = (label: string, values: number): GPUBuffer => this.make(label, values * 4);
    this.run = make('run', structOffsets.Run.tokens / 4 + 2 * chunk);
    this.x = make('x', chunk * C);
    this.between = make('between', chunk * C);
    this.normed = make('normed', chunk * C);
    this.added = make('added', normsResults(config) ? chunk * C : 4);
    const queries = passesHeads(config) ? A + 2 * KV : A;
    this.q = make('q', chunk * Math.max(queries, convolves ? 3 * C : 0));
    this.mixed = make('mixed', Math.max(chunk * Math.max(A, convolves ? C : 0), splits * A));
    this.stats = make('stats', splits * config.nHead * 2);
    this.inner = make('inner', chunk * I);
    this.last = make('last', C);
    this.logits = make('logits', V);
    this.best = make('best', 2 * mostArgmaxGroups);
    this.chosen = make('chosen', mostStepsAhead);
    this.peaks = make('peaks', peaks);
    this.sums = make('sums', 2 * peakGroups);
    this.listed = make('listed', 2 + 2 * mostListed);
    this.found = make('found', 3 + 2 * mostCandidates);
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
