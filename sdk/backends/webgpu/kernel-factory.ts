import type { ModelConfig } from '../../model/config.ts';
import type { Dtype } from '../../model/dtype.ts';
import { type Buffers, mostArgmaxGroups } from './buffers.ts';
import type { Dimensions } from './dimensions.ts';
import type { GpuDevice } from './gpu-device.ts';
import type { StepDraft } from './kernels.ts';
import type { Matrix } from './matrix.ts';
import type { Linear } from './weights.ts';

/** Lanes of a workgroup of most kernels, and of those that share much among few workgroups: WebGPU grants 256 everywhere. */
export const lanes = 64;
export const manyLanes = 256;

/** What decides between variants of a kernel. */
export type KernelTraits = Pick<GpuDevice, 'subgroups' | 'software'> & Partial<Pick<GpuDevice, 'matrices'>>;

/** What all kernels of a model are made for. */
export interface KernelSetting {
  readonly config: ModelConfig;
  readonly dimensions: Dimensions;
  readonly dtype: Dtype;
  readonly traits: KernelTraits;
  readonly run: GPUBuffer;
}

/** Where a layer keeps what it has seen of a sequence. */
export interface CacheBuffers {
  readonly buffer: GPUBuffer;
  readonly settings: GPUBuffer;
}

/**
 * What a linear layer reads: a row as it is, one to normalise first, one to add the norm of a result to first (and to normalise
 * then, or not), or attention's parts.
 */
export type Input = StreamInput | { readonly kind: 'attention'; readonly x: GPUBuffer; readonly stats: GPUBuffer };

/** What a layer reads of the residual stream or of another layer, for one token or many. */
export type StreamInput = { readonly kind: 'plain'; readonly x: GPUBuffer } | NormInput;

type NormInput =
  | { readonly kind: 'norm'; readonly x: GPUBuffer; readonly kept: GPUBuffer }
  | {
      readonly kind: 'joined';
      readonly x: GPUBuffer;
      readonly residual: GPUBuffer;
      readonly kept: GPUBuffer;
      readonly normed: boolean;
    };

/** What it does with the sums. */
export type Store =
  | { readonly kind: 'qkv'; readonly y: GPUBuffer; readonly cache: CacheBuffers }
  | { readonly kind: 'plain' | 'activation' | 'gated' | 'logits'; readonly y: GPUBuffer }
  | LowStore
  | { readonly kind: 'residual'; readonly y: GPUBuffer; readonly residual: GPUBuffer };

/** An adapter's first factor gives so many values a token. */
export interface LowStore {
  readonly kind: 'low';
  readonly y: GPUBuffer;
  readonly rank: number;
}

/** Writes the drafts of steps: which kernel, of which parts and sizes, on which buffers. These are embeddings, norms and linear layers. */
export class KernelFactory {
  readonly #config: ModelConfig;
  readonly #d: Dimensions;
  readonly #traits: KernelTraits;
  readonly #kv: string;
  readonly #run: GPUBuffer;

  constructor({ config, dimensions, dtype, traits, run }: KernelSetting) {
    this.#config = config;
    this.#d = dimensions;
    this.#traits = traits;
    this.#kv = kvKind(dtype);
    this.#run = run;
  }

  /** Embedding of tokens, and of positions where those are learned. */
  embed(tokens: Matrix, positions: Matrix | undefined, y: GPUBuffer): StepDraft[] {
    const { K } = tokens;
    const groups = Math.ceil(K / 8 / lanes);
    return tokens.parts.map(({ firstRow, rows, weights, scales }) => ({
      kernel: {
        name: 'embed',
        parts: ['run', ...weightParts(tokens.dtype), positions ? 'place-learned' : 'place-none'],
        constants: { K, WG: lanes, ROW0: firstRow, ROWS: rows, FACTOR: this.#config.embeddingScale },
      },
      buffers: {
        run: this.#run,
        weights,
        ...(scales && { scales }),
        ...(positions && { positions: positions.parts[0].weights }),
        y,
      },
      size: (T) => [groups, T, 1],
    }));
  }

  /** Makes the best of what {@link MixerKernels.argmax} found the next token, and embeds it if it is in the first part of the table. */
  choose(tokens: Matrix, positions: Matrix | undefined, { best, chosen }: Buffers, y: GPUBuffer): StepDraft {
    const { K, dtype } = tokens;
    const { embeddingScale, vocabSize } = this.#config;
    const [{ firstRow, rows, weights, scales }] = tokens.parts;
    return {
      kernel: {
        name: 'choose',
        parts: [...weightParts(dtype), positions ? 'place-learned' : 'place-none'],
        constants: {
          ...{ K, V: vocabSize, WG: lanes, GROUPS: argmaxGroups(this.#traits) },
          ...{ ROW0: firstRow, ROWS: rows, FACTOR: embeddingScale },
        },
      },
      buffers: {
        run: this.#run,
        weights,
        ...(scales && { scales }),
        ...(positions && { positions: positions.parts[0].weights }),
        ...{ best, chosen, y },
      },
      size: () => [1, 1, 1],
    };
  }

  /** Normalises all T rows, of a stream that a result has to be joined with first where the input says so. */
  norm(params: GPUBuffer, input: NormInput, normed: GPUBuffer): StepDraft {
    const joined = input.kind === 'joined';
    return {
      kernel: {
        name: joined ? 'join' : 'norm',
        parts: ['params', ...this.#normParts(input.kind), this.#reduce()],
        constants: { ...this.#normConstants(input), WG: this.#traits.software ? 1 : lanes },
      },
      buffers: { params, x: input.x, normed, ...(joined && { residual: input.residual, kept: input.kept }) },
      size: (T) => [T, 1, 1],
    };
  }

  /** A linear layer for one token. */
  matvec(linear: Linear, input: Input, store: Store, splits = 1): StepDraft[] {
    const { kind } = input;
    const norms = kind === 'norm' || kind === 'joined';
    const constants = {
      ...(norms ? this.#normConstants(input) : {}),
      ...(kind === 'attention' ? { SPLITS: splits, NH: this.#config.nHead, HS: this.#d.HS } : {}),
    };
    const parts = [this.#reduce(), ...(norms ? [...this.#normParts(kind), 'input-norm'] : [`input-${kind}`])];
    const { x, kept, residual, stats } = input as Partial<Record<'x' | 'kept' | 'residual' | 'stats', GPUBuffer>>;
    const buffers = { ...(x && { x }), ...(kept && { kept }), ...(residual && { residual }), ...(stats && { stats }) };
    if (this.#traits.software) {
      const direct = { ...constants, WG: 1, LANES: lanes };
      return this.#linear('matvec-direct', linear, parts, direct, buffers, store, 4 * lanes);
    }
    return this.#linear('matvec', linear, parts, { ...constants, WG: lanes }, buffers, store, 4);
  }

  /** A linear layer for the T tokens of a chunk. */
  matmul(linear: Linear, x: GPUBuffer, store: Store): StepDraft[] {
    const { software, matrices } = this.#traits;
    if (matrices && linear.matrix.dtype !== 'f32') {
      return this.#linear('matmul-matrices', linear, [], { SIZE: matrices }, { x }, store, 64, 64);
    }
    if (!software) return this.#linear('matmul', linear, [], { AHEAD: 0 }, { x }, store, 32, 32);
    return this.#linear('matmul-direct', linear, [], { WG: lanes }, { x }, store, 4 * lanes, 4);
  }

  /**
   * What matvec and matmul share: weights, bias and output. One step a part of the matrix; a workgroup makes so many rows
   * of the result, for so many tokens or, without that, for one alone.
   */
  #linear(
    name: 'matvec' | 'matvec-direct' | 'matmul' | 'matmul-direct' | 'matmul-matrices',
    { matrix, params, bias, rank }: Linear,
    parts: readonly string[],
    constants: Readonly<Record<string, number>>,
    inputs: Readonly<Record<string, GPUBuffer>>,
    store: Store,
    rowsAGroup: number,
    tokensAGroup?: number,
  ): StepDraft[] {
    const { N, K, dtype } = matrix;
    const { outputs, ...does } = this.#store(store);
    return matrix.parts.map(({ firstRow, rows, weights, scales }) => ({
      kernel: {
        name,
        parts: ['run', 'params', ...weightParts(dtype), ...parts, rank ? 'bias-adapted' : 'bias-plain', ...does.parts],
        constants: {
          ...{ ...constants, K, N, ROW0: firstRow, ROWS: rows, BIAS: bias },
          ...(rank && { RANK: rank }),
          ...does.constants,
        },
      },
      buffers: { run: this.#run, params, weights, ...(scales && { scales }), ...inputs, ...outputs },
      size: (T) => [Math.ceil(rows / rowsAGroup), tokensAGroup ? Math.ceil(T / tokensAGroup) : 1, 1],
    }));
  }

  /** Parts, constants and buffers of what becomes of the sums. */
  #store(store: Store): {
    parts: string[];
    constants: Record<string, number>;
    outputs: Record<string, GPUBuffer>;
  } {
    const { kind, y } = store;
    const { activation, logitScale, logitSoftCap } = this.#config;
    const part = `store-${kind}`;
    switch (kind) {
      case 'qkv': {
        const { buffer, settings } = store.cache;
        return {
          parts: ['settings', `kv-write-${this.#kv}`, part],
          constants: { A: this.#d.A, KV: this.#d.KV },
          outputs: { y, kv_cache: buffer, settings },
        };
      }
      case 'residual':
        return { parts: [part], constants: {}, outputs: { y, residual: store.residual } };
      case 'logits': {
        const cap = capped(logitSoftCap);
        return { parts: [...cap.parts, part], constants: { ...cap.constants, FACTOR: logitScale }, outputs: { y } };
      }
      case 'plain':
        return { parts: [part], constants: {}, outputs: { y } };
      case 'low':
        return { parts: [part], constants: { RANK: store.rank }, outputs: { y } };
      default:
        return { parts: [`activate-${activation}`, part], constants: {}, outputs: { y } };
    }
  }

  #normParts(kind: 'norm' | 'joined'): string[] {
    return [`norm-${this.#config.normKind}`, kind === 'norm' ? 'rows-plain' : 'rows-joined'];
  }

  #normConstants(input: Input): Record<string, number> {
    return {
      K: this.#d.C,
      C: this.#config.nEmbd,
      EPSILON: this.#config.normEpsilon,
      ...(input.kind === 'joined' && { NORMED: Number(input.normed) }),
    };
  }

  #reduce(): string {
    return reduceRows(this.#traits);
  }
}

/** Workgroups that look for the largest logit. */
export const argmaxGroups = ({ software }: KernelTraits): number => (software ? 1 : mostArgmaxGroups);

const weightParts = (dtype: Dtype): string[] => [
  ...(dtype === 'q8' || dtype === 'q4' ? ['scales'] : []),
  `weights-${dtype}`,
];

/** The dtype of the cache in the names of parts. */
export const kvKind = (dtype: Dtype): string => (dtype === 'f32' ? 'f32' : 'f16');

/** How the lanes of a workgroup add up. */
export const reduce = ({ subgroups }: KernelTraits): string => (subgroups ? 'reduce-subgroup' : 'reduce-workgroup');

/** How the lanes that share a row add up: a software adapter has one. */
export const reduceRows = (traits: KernelTraits): string => (traits.software ? 'reduce-alone' : reduce(traits));

/** Part and constant of a soft cap, 0 for none. */
export const capped = (cap: number): { parts: string[]; constants: Record<string, number> } =>
  cap > 0 ? { parts: ['cap-tanh'], constants: { CAP: cap } } : { parts: ['cap-none'], constants: {} };
