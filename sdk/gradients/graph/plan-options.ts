import type { ModelConfig } from '../../model/config.ts';
import type { AdamWStep, LabelLossStep } from '../step.ts';
import type { TrainingMethod } from '../training-method.ts';

/** What a plan is made from. */
export interface PlanOptions {
  /** With `head` where `headKind` is given: one logit a label. */
  readonly config: ModelConfig;
  readonly method: TrainingMethod;
  /** How matrices that are not trained are held. */
  readonly dtype: 'f32' | 'q8' | 'q4';
  /** Which loss stands on the fine-tuned head; absent where there is none (L2). */
  readonly headKind?: LabelLossStep['kind'];
  /** Whether the next token is to be predicted too (L1). How much it counts, the run's `targetWeights` say. */
  readonly language: boolean;
  /** Of embeddings and of what each sub-layer adds, 0 … 1. */
  readonly dropout: number;
  readonly adamW: Pick<AdamWStep, 'decay' | 'beta1' | 'beta2' | 'epsilon' | 'maxNorm'>;
  /** Most tokens of one run. */
  readonly mostTokens: number;
  /** Most outputs of the fine-tuned head in one run; 0 without. */
  readonly mostOutputs: number;
  /** How many hidden states are added up for an output, at most. @default 1 */
  readonly placesPerOutput?: number;
  /** Whether what a block keeps for its gradient is made again instead of kept. */
  readonly checkpointing: boolean;
}
