import type { Adapter } from '../model/adapter.ts';
import type { ModelConfig } from '../model/config.ts';
import type { Dtype } from '../model/dtype.ts';
import type { TensorPart } from '../model/tensor.ts';

/** What one forward pass is to return besides writing the KV cache. */
export interface ForwardOptions {
  /** Next-token logits: of no position, of the last one (V), or of all (T, V). @default 'last' */
  readonly logits?: 'none' | 'last' | 'all';
  /** Final hidden state (after the last norm): of no position, the last one (C), or all (T, C). @default 'none' */
  readonly hidden?: 'none' | 'last' | 'all';
  /** Also return the attention (L, NH, T, T) and hidden states (L + 1, T, C); slow, position must be 0. */
  readonly inspect?: boolean;
  /** Which of the KV cache's sequences to continue. @default 0 */
  readonly slot?: number;
  /** The number of an adapter whose pairs are added to the matrices' products. @default none */
  readonly adapter?: number;
  /** Looked at between chunks of a prefill; the pass then throws the signal's reason. */
  readonly signal?: AbortSignal;
}

/** What every pass is told, whatever it is to return. */
export type PassOptions = Pick<ForwardOptions, 'slot' | 'adapter' | 'signal'>;

/** What a pass over several sequences is told. */
export type BatchOptions = Omit<ForwardOptions, 'inspect'>;

/** Arrays are the caller's to keep unless the engine says otherwise; those not asked for are absent. */
export interface ForwardResult {
  readonly logits?: Float32Array;
  readonly hidden?: Float32Array;
  readonly attention?: Float32Array;
  readonly hiddenStates?: Float32Array;
}

/**
 * A loaded model on one backend. Knows token ids, positions and logits: no text, no checkpoint names.
 * Calls must not overlap (the generation queue sees to that).
 */
export interface Engine {
  readonly backend: 'webgpu' | 'wasm';
  readonly dtype: Dtype;
  /** Its `nCtx` is what one sequence may hold here: the model's own, or less. */
  readonly config: ModelConfig;
  /** Bytes held for weights, adapters among them, and for the KV cache of all slots, which grows with what they hold. */
  readonly bytes: { readonly weights: number; readonly kvCache: number };
  /**
   * Runs T tokens that stand at `position … position + T - 1`, attending to what the slot's KV cache
   * holds before `position`, and writes theirs. Going back is free: call with a smaller position.
   * One token is a decode step, more are a prefill. T >= 1 and position + T <= nCtx.
   * `logits: 'last'` may return a view that is valid until the next call.
   */
  forward(tokenIds: Uint32Array, position: number, options?: ForwardOptions): Promise<ForwardResult>;
  /**
   * Runs several sequences of which each follows the first `position` tokens of the slot's KV cache and sees those and
   * itself only: many short texts, or the candidates of one context. Results are those of one {@link forward} each, in
   * the order given, and no view. Afterwards the slot holds its first `position` tokens.
   */
  forwardBatch(sequences: readonly Uint32Array[], position: number, options?: BatchOptions): Promise<ForwardResult[]>;
  /**
   * Whether the slot still has all that a token at `position` attends to. Layers with a window keep that and some tokens
   * before it, so that going further back means to begin again at 0, which is always possible.
   */
  reaches(position: number, slot?: number): boolean;
  /** Makes sure that slots 0 … count - 1 exist (beams, several sequences, shared prefixes). */
  reserveSlots(count: number): void;
  /** Copies the first `tokens` positions of one slot's KV cache to another. */
  copySlot(from: number, to: number, tokens: number): void;
  /**
   * Keeps an adapter beside the weights and returns its number, never used again, by which passes choose it. The KV cache does
   * not know who filled it: a pass is to follow what passes with the same adapter left.
   *
   * @throws GptletError OUT_OF_MEMORY
   */
  addAdapter(adapter: Adapter): Promise<number>;
  /** Frees an adapter; passes that name it are then refused with INVALID_OPTION. */
  removeAdapter(id: number): void;
  /** Frees everything; further calls throw DISPOSED. */
  dispose(): Promise<void>;
}

/** The likeliest next tokens, and what makes probabilities of their logits. */
export interface Candidates {
  /** Best first, the lower id first among equals. */
  readonly tokenIds: Uint32Array;
  readonly logits: Float32Array;
  /** Natural log of the sum of e^logit over the whole vocabulary. */
  readonly logSumExp: number;
}

/** What an engine that can choose tokens itself offers beside {@link Engine}: reading V logits back costs it more than a step. */
export interface ChoosingEngine extends Engine {
  /** Most steps of one {@link decodeGreedy}. */
  readonly mostStepsAhead: number;
  /** How many {@link Candidates} there are at most. */
  readonly mostCandidates: number;
  /**
   * Runs `tokenId` at `position` and then what is most likely after it, `count` steps in all; returns the tokens chosen,
   * (count), of which the last one is not in the KV cache yet.
   */
  decodeGreedy(tokenId: number, position: number, count: number, options?: PassOptions): Promise<Uint32Array>;
  /** {@link forward} with the last position's likeliest tokens instead of all its logits. */
  forwardCandidates(tokenIds: Uint32Array, position: number, options?: PassOptions): Promise<Candidates>;
}

/** Whether an engine can choose tokens itself. */
export function canChoose(engine: Engine): engine is ChoosingEngine {
  return 'decodeGreedy' in engine;
}

/** Takes a checkpoint's tensors in any order, then becomes an engine. Biases never set are zero. */
export interface EngineBuilder {
  setTensor(part: TensorPart): void | Promise<void>;
  /** Memory for the next part's `data` from which setTensor takes it without a copy; undefined where so much does not fit. */
  room?(floats: number): Float32Array | undefined;
  finish(): Promise<Engine>;
  /** Frees what was taken so far, after a failure or an abort. */
  dispose(): void;
}

export interface EngineOptions {
  readonly dtype: Dtype;
  /** WASM only. */
  readonly threads?: number;
  /**
   * Most tokens of a sequence, at most the model's own. By default as many of those as memory can hold; asking for more than
   * that is OUT_OF_MEMORY.
   */
  readonly contextLength?: number;
}

/** Each backend exports one of these. */
export type CreateEngineBuilder = (config: ModelConfig, options: EngineOptions) => Promise<EngineBuilder>;
