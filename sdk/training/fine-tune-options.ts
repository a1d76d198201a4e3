import type { Truncation } from '../model/config.ts';
import type { Task } from './task-examples.ts';

/** How a head is trained. */
export interface FineTuneOptions<T extends Task = Task> {
  /** What is learnt, which says what an example is; see {@link TaskExamples}. @default 'classification' */
  task?: T;
  /**
   * `'head'` leaves the body as it is: each example goes through it once, then one linear layer is fitted to the last hidden states
   * by L-BFGS, a convex problem with one solution.
   *
   * @default 'head'
   */
  method?: 'head';
  /** Special tokens around and between texts, by their names in the tokenizer. @default what the tokenizer's template says */
  startToken?: string;
  /** Between two texts. @default what the tokenizer's template says, else its end-of-text token */
  delimiterToken?: string;
  extractToken?: string;
  /** What is kept of a text that exceeds the context; see `ClassifyOptions`. @default 'head' */
  truncation?: Truncation;
  /** Share of the examples, of each label the same, that is not learnt from but tells how good the head is. 0 leaves it out. @default 0.2 */
  heldOut?: number;
  /** λ of λ/2 · Σ weights² beside the mean loss, the weights being those of channels scaled to a mean square of 1. @default the best of five, by a fifth of what is learnt from */
  l2?: number;
  /** Weights of examples by label; `'balanced'` makes every label weigh the same in all. @default 1 each */
  classWeights?: 'balanced' | { readonly [label: string]: number };
  /** Share of the target that goes to all labels alike (Szegedy et al., 2016). @default 0 */
  labelSmoothing?: number;
  /** Of what is held out. @default 0 */
  seed?: number;
  signal?: AbortSignal;
}
