import type { TrainingMethod } from '../gradients/training-method.ts';
import type { ModelConfig } from '../model/config.ts';
import type { Dtype } from '../model/dtype.ts';

/** One example as token sequences, of which it may have several: the orders of a pair, the answers of a choice. */
export interface TrainingItem {
  readonly sequences: readonly TrainingSequence[];
  /** What the head is to say; absent of plain text. A choice has one row an answer, a text with labels per token many. */
  readonly outputs?: readonly TrainingOutput[];
}

export interface TrainingSequence {
  readonly tokenIds: Uint32Array;
  /** For L1, (T): which token each one is to predict, -1 none. Absent where nobody asks for L1. */
  readonly targets?: Int32Array;
}

export interface TrainingOutput {
  /** Hidden states that are added up for it: sequence of the item, token of the sequence. */
  readonly places: readonly { readonly sequence: number; readonly token: number }[];
  /** (K): 1 at the label, or several, or values; of an answer 1 or 0. Smoothing is in it already. */
  readonly target: readonly number[];
  /** @default 1 */
  readonly weight?: number;
}

export interface TrainingSchedule {
  /** Updates in all. */
  readonly steps: number;
  /** Examples to an update; an update's loss is the mean over them (of L1, over their targets). */
  readonly batchSize: number;
  /** Tokens that go through at once; an update takes as many such passes as its examples need. */
  readonly tokensAtOnce: number;
  /** At the peak. */
  readonly learningRate: number;
  readonly warmupSteps: number;
  /** After the warm-up: down to 0, or along half a cosine to `finalRate` times the peak, or as it is. */
  readonly decay: 'linear' | 'cosine' | 'constant';
  readonly finalRate: number;
  readonly weightDecay: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  /** Gradients are scaled to this global norm where theirs is larger; 0 leaves them. */
  readonly maxNorm: number;
  /** Of embeddings and of what each sub-layer adds, as in the papers; 0 … 1. */
  readonly dropout: number;
  /** Updates between two evaluations of what is held out. */
  readonly evaluateEvery: number;
  /** Evaluations without a better one after which it stops; 0 never. What is kept is the best. */
  readonly patience: number;
  readonly seed: number;
}

/** All that a training needs besides the model's weights; a plain record, which goes to a worker and into storage. */
export interface TrainingJob {
  /** With `head` where outputs are asked for; its vocabulary may be larger than the checkpoint's by new tokens. */
  readonly config: ModelConfig;
  /** How weights that stay are held. */
  readonly dtype: Dtype;
  readonly method: TrainingMethod;
  readonly headKind?: 'one label' | 'labels' | 'value' | 'answer';
  /** L = labels · L2 + language · L1. */
  readonly objective: { readonly labels: 0 | 1; readonly language: number };
  readonly learn: readonly TrainingItem[];
  readonly held: readonly TrainingItem[];
  readonly schedule: TrainingSchedule;
  /** Whether what a block keeps for its gradient is made again instead of kept. */
  readonly checkpointing: boolean;
  readonly backend: 'auto' | 'wasm' | 'webgpu';
  readonly threads?: number;
}

/** After each update, and after each evaluation. */
export interface JobProgress {
  readonly step: number;
  readonly steps: number;
  /** Epochs so far, as a fraction. */
  readonly epoch: number;
  /** L of this update. */
  readonly loss: number;
  readonly learningRate: number;
  readonly gradientNorm: number;
  readonly tokensPerSecond: number;
  readonly secondsLeft: number;
  /** Whether the page is hidden, where browsers give it less time. */
  readonly inBackground?: boolean;
  /** L of what is held out, where this step evaluated it. */
  readonly heldLoss?: number;
  /** (K) per output per held item, beside `heldLoss`; not of steps before a run went on after a crash. */
  readonly heldLogits?: readonly (readonly Float32Array[])[];
}

/** Trained tensors by their names in the plan. */
export type JobParameters = Readonly<
  Record<string, { readonly rows: number; readonly columns: number; readonly data: Float32Array }>
>;

export interface JobResult {
  /** Of the best evaluation; without one, of the last step. */
  readonly parameters: JobParameters;
  /** (K) per output per held item, of those parameters. */
  readonly heldLogits: readonly (readonly Float32Array[])[];
  readonly heldLoss?: number;
  readonly steps: number;
  /** Why it ended before its last step, and what else its user should hear. */
  readonly warnings: readonly string[];
}
