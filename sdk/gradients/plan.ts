import type { Step } from './step.ts';

/** Memory by name. */
export interface BufferSpec {
  readonly name: string;
  /** Values of four bytes. */
  readonly length: number;
  /** Inputs may be integers. */
  readonly type: 'f32' | 'i32';
}

/** A matrix (rows, columns) that products and the embedding read: in one of the buffers as f32, or frozen and quantised, with memory of its own. */
export type MatrixSpec = {
  readonly name: string;
  readonly rows: number;
  readonly columns: number;
} & (
  | { readonly dtype: 'f32'; readonly buffer: string; readonly offset: number }
  /** As `QuantisedRows` (model/tensor.ts) holds it. */
  | { readonly dtype: 'q8' | 'q4'; readonly group: number; readonly K: number }
);

/** A tensor that is trained, in the buffer `parameters`; its gradient and moments stand at the same offset of theirs. */
export interface ParameterSpec {
  /** Canonical (`weightShapes`), or of a low-rank pair, see `LoraSlot`. */
  readonly name: string;
  readonly rows: number;
  readonly columns: number;
  readonly offset: number;
  /** Whether weight decay applies: matrices, not norms and biases. */
  readonly decayed: boolean;
}

/**
 * What a run does, phase by phase: `clear` sets gradients and losses to 0; `gradients` goes forward and back, adding to both; `forward` adds to
 * losses only; `update` is the optimiser's.
 */
export type Phase = 'clear' | 'gradients' | 'forward' | 'update';

/**
 * A training as data: what memory it takes and which kernels run in which order. Made once (graph/), run by any executor. Buffers that always
 * are there: inputs `tokenIds`, `positions`, `sequenceStart`, `sequenceEnd`, `targets` (i32, mostTokens each), `targetWeights` (f32); with a head `headRows`,
 * `headGroups` (i32), `headTargets`, `headWeights`; `parameters`, `gradients`, `firstMoments`, `secondMoments`; `losses` (2: language, labels) and `norm` (1).
 */
export interface TrainingPlan {
  readonly buffers: readonly BufferSpec[];
  readonly matrices: readonly MatrixSpec[];
  readonly parameters: readonly ParameterSpec[];
  /** Where weights that are not trained and not quantised stand, by canonical name. */
  readonly frozen: readonly {
    readonly name: string;
    readonly buffer: string;
    readonly offset: number;
    readonly length: number;
  }[];
  readonly phases: Readonly<Record<Phase, readonly Step[]>>;
  readonly mostTokens: number;
  readonly mostOutputs: number;
}

/** What changes from run to run. */
export interface RunParameters {
  /** N. */
  readonly tokens: number;
  /** H. */
  readonly outputs: number;
  readonly dropoutSeed: number;
  readonly learningRate: number;
  /** 1 - β1^t and 1 - β2^t of step t, which counts from 1. */
  readonly correction1: number;
  readonly correction2: number;
}
