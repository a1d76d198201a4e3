import type { ModelConfig } from '../../model/config.ts';
import type { Dtype } from '../../model/dtype.ts';
import { type Buffers, mostCandidates } from './buffers.ts';
import type { Dimensions } from './dimensions.ts';
import type { GpuDevice } from './gpu-device.ts';
import type { StepDraft } from './kernels.ts';
import type { Matrix } from './matrix.ts';
import type { Linear } from './weights.ts';

/** Lanes of a workgroup of most kernels, and of those that share much among few workgroups: WebGPU grants 256 everywhere. */
const lanes = 64;
const manyLanes = 256;

/** What decides between variants of a kernel. */
export type KernelTraits = Pick<GpuDevice, 'subgroups' | 'software'>;

/** What a linear layer reads: a row as it is, one to normalise first, or attention's parts. */
export type Input =
  | { readonly kind: 'plain'; readonly x: GPUBuffer }
  | { readonly kind: 'norm'; readonly x: GPUBuffer; readonly normed: GPUBuffer }
  | { readonly kind: 'attention'; readonly x: GPUBuffer; readonly stats: GPUBuffer };

/** What it does with the sums. */
export type Store =
  | { readonly kind: 'qkv'; readonly y: GPUBuffer; readonly kv_cache: GPUBuffer }
  | { readonly kind: 'activation'; readonly y: GPUBuffer }
  | { readonly kind: 'residual'; readonly y: GPUBuffer; readonly residual: GPUBuffer }
  | { readonly kind: 'logits'; readonly y: GPUBuffer };

/** A layer's matrix and vectors; the head has no bias and hence no place of one. */
type LinearLike = Omit<Linear, 'bias'> & Partial<Linear>;

/** Writes the drafts of steps: which kernel, of which parts and sizes, on which buffers. */
export class KernelFactory {
  readonly #config: ModelConfig;
  readonly #d: Dimensions;
  readonly #traits: KernelTraits;
  readonly #kv: string;
  readonly #run: GPUBuffer;

  constructor(config: ModelConfig, dimensions: Dimensions, dtype: Dtype, traits: KernelTraits, run: GPUBuffer) {
    this.#config = config;
    this.#d = dimensions;
    this.#traits = traits;
    this.#kv = dtype === 'f32' ? 'f32' : 'f16';
    this.#run = run;
  }

  /** Sum of token and position embeddings. */
  embed(tokens: Matrix, positions: Matrix, y: GPUBuffer): StepDraft[] {
    const { K } = tokens;
    const groups = Math.ceil(K / 8 / lanes);
    return tokens.parts.map(({ firstRow, rows, weights, scales }) => ({
      kernel: {
        name: 'embed',
        parts: ['run', ...this.#weightParts(tokens.dtype)],
        constants: { K, WG: lanes, ROW0: firstRow, ROWS: rows },
      },
      buffers: { run: this.#run, weights, ...(scales && { scales }), positions: positions.parts[0].weights, y },
      size: (T) => [groups, T, 1],
    }));
  }

  /** Normalises all T rows. */
  norm(params: GPUBuffer, x: GPUBuffer, normed: GPUBuffer): StepDraft {
    return {
      kernel: {
        name: 'norm',
        parts: ['params', 'norm-rows', this.#reduce()],
        constants: { ...this.#normConstants(), WG: this.#traits.software ? 1 : lanes },
      },
      buffers: { params, x, normed },
      size: (T) => [T, 1, 1],
    };
  }

  /** A linear layer for one token. */
  matvec(linear: LinearLike, input: Input, store: Store, splits = 1): StepDraft[] {
    const inputParts = input.kind === 'norm' ? ['norm-rows', 'input-norm'] : [`input-${input.kind}`];
    const { kind, ...inputBuffers } = input;
    const constants = {
      ...(kind === 'norm' ? this.#normConstants() : {}),
      ...(kind === 'attention' ? { SPLITS: splits, NH: this.#config.nHead, HS: this.#d.HS } : {}),
    };
    const parts = [this.#reduce(), ...inputParts];
    if (this.#traits.software) {
      const direct = { ...constants, WG: 1, LANES: lanes };
      return this.#linear('matvec-direct', linear, parts, direct, inputBuffers, store, 4 * lanes);
    }
    return this.#linear('matvec', linear, parts, { ...constants, WG: lanes }, inputBuffers, store, 4);
  }

  /** A linear layer for the T tokens of a chunk. */
  matmul(linear: LinearLike, x: GPUBuffer, store: Store): StepDraft[] {
    if (!this.#traits.software) return this.#linear('matmul', linear, [], {}, { x }, store, 32, 32);
    return this.#linear('matmul-direct', linear, [], { WG: lanes }, { x }, store, 4 * lanes, 4);
  }

  /** Attention of T tokens over a slot's KV cache, each head's context shared by `splits` workgroups. */
  attention(settings: GPUBuffer, kv_cache: GPUBuffer, { q, stats, mixed }: Buffers, splits: number): StepDraft {
    const { nHead, nCtx } = this.#config;
    const { A, HS } = this.#d;
    const parts = ['run', 'attention-settings', `kv-read-${this.#kv}`];
    const constants = { A, HS, NH: nHead, CTX: nCtx };
    const buffers = { run: this.#run, settings, q, y: mixed, kv_cache };
    if (this.#traits.software && splits === 1) {
      return {
        kernel: { name: 'attention-direct', parts, constants },
        buffers,
        size: (T) => [Math.ceil(nHead / 4), 1, T],
      };
    }
    return {
      kernel: {
        name: 'attention',
        parts: [...parts, reduce(this.#traits)],
        constants: { ...constants, SPLITS: splits, WG: splits > 1 ? manyLanes : lanes },
      },
      buffers: { ...buffers, stats },
      size: (T) => [nHead, splits, T],
    };
  }

  /** Picks the largest logit and makes it the next token. */
  argmax({ logits, chosen }: Buffers): StepDraft {
    return {
      kernel: { name: 'argmax', parts: [], constants: { V: this.#config.vocabSize, WG: manyLanes } },
      buffers: { run: this.#run, logits, chosen },
      size: () => [1, 1, 1],
    };
  }

  /** Picks the largest logits. */
  candidates({ logits, found }: Buffers): StepDraft {
    const constants = { V: this.#config.vocabSize, COUNT: mostCandidates, WG: manyLanes };
    return {
      kernel: { name: 'candidates', parts: [reduce(this.#traits)], constants },
      buffers: { logits, found },
      size: () => [1, 1, 1],
    };
  }

  /**
   * What matvec and matmul share: weights, bias and output. One step a part of the matrix; a workgroup makes so many rows
   * of the result, for so many tokens or, without that, for one alone.
   */
  #linear(
    name: 'matvec' | 'matvec-direct' | 'matmul' | 'matmul-direct',
    { matrix, params, bias }: LinearLike,
    parts: readonly string[],
    constants: Readonly<Record<string, number>>,
    inputs: Readonly<Record<string, GPUBuffer>>,
    { kind, ...outputs }: Store,
    rowsAGroup: number,
    tokensAGroup?: number,
  ): StepDraft[] {
    const { N, K, dtype } = matrix;
    const usesParams = kind !== 'logits' || parts.includes('norm-rows');
    const store = [
      ...(kind === 'qkv' ? [`kv-write-${this.#kv}`] : []),
      ...(kind === 'activation' ? [`activate-${this.#config.activation}`] : []),
      `store-${kind}`,
    ];
    return matrix.parts.map(({ firstRow, rows, weights, scales }) => ({
      kernel: {
        name,
        parts: ['run', ...(usesParams ? ['params'] : []), ...this.#weightParts(dtype), ...parts, ...store],
        constants: {
          ...constants,
          K,
          N,
          ROW0: firstRow,
          ROWS: rows,
          ...(bias === undefined ? {} : { BIAS: bias }),
          ...(kind === 'qkv' ? { A: this.#d.A, CTX: this.#config.nCtx } : {}),
        },
      },
      buffers: {
        run: this.#run,
        ...(usesParams && { params }),
        weights,
        ...(scales && { scales }),
        ...inputs,
        ...outputs,
      },
      size: (T) => [Math.ceil(rows / rowsAGroup), tokensAGroup ? Math.ceil(T / tokensAGroup) : 1, 1],
    }));
  }

  #weightParts(dtype: Dtype): string[] {
    return [...(dtype === 'q8' || dtype === 'q4' ? ['scales'] : []), `weights-${dtype}`];
  }

  #normConstants(): Record<string, number> {
    return { K: this.#d.C, C: this.#config.nEmbd, EPSILON: this.#config.normEpsilon };
  }

  /** How the lanes that share a row add up. */
  #reduce(): string {
    return this.#traits.software ? 'reduce-alone' : reduce(this.#traits);
  }
}

const reduce = ({ subgroups }: KernelTraits): string => (subgroups ? 'reduce-subgroup' : 'reduce-workgroup');
