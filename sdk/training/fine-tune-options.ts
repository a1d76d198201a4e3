import type { Truncation } from '../model/config.ts';
import type { DescentOptions } from './descent-options.ts';
import type { Task } from './task-examples.ts';

/** What is trained: a layer on top, low-rank changes to the body's matrices with it, or everything. */
export type Method = 'head' | 'lora' | 'full';

/** What is trained where nobody says. */
export type UsualMethod<T extends Task> = T extends 'tokens' | 'text' ? 'lora' : 'head';

/** How a model is fitted to examples. */
export interface FineTuneOptions<T extends Task = Task, M extends Method = Method> extends DescentOptions {
  /** What is learnt, which says what an example is; see {@link TaskExamples}. @default 'classification' */
  task?: T;
  /**
   * `'head'` leaves the body as it is: each example goes through it once, then one linear layer is fitted to the last hidden states
   * by L-BFGS, a convex problem with one solution. `'lora'` learns low-rank changes to the body's matrices beside a head (Hu et al.,
   * LoRA, 2021): the body may be quantised and stays so. `'full'` changes every weight, as GPT (2018) did; the result is a model of
   * its own.
   *
   * @default 'head'; 'lora' for the tasks 'tokens' and 'text', which have no whole text to label
   */
  method?: M;
  /**
   * Special tokens around and between texts, by their names in the tokenizer. With `'full'` those that it has not are added to it, with
   * rows of the embedding of their own, as GPT (2018) did. @default what the tokenizer's template says
   */
  startToken?: string;
  /** Between two texts. @default what the tokenizer's template says, else its end-of-text token */
  delimiterToken?: string;
  extractToken?: string;
  /** What is kept of a text that exceeds the context; see `ClassifyOptions`. `'windows'` is for `'head'`. @default 'head' */
  truncation?: Truncation;
  /** Share of the examples, of each label the same, that is not learnt from but tells how good the result is. 0 leaves it out. @default 0.2 */
  heldOut?: number;
  /** Of `'head'`: λ of λ/2 · Σ weights² beside the mean loss, the weights being those of channels scaled to a mean square of 1. @default the best of five, by a fifth of what is learnt from */
  l2?: number;
  /** Weights of examples by label; `'balanced'` makes every label weigh the same in all. @default 1 each */
  classWeights?: 'balanced' | { readonly [label: string]: number };
  /** Share of the target that goes to all labels alike (Szegedy et al., 2016). @default 0 */
  labelSmoothing?: number;
  /** Of `'lora'`: how many directions each matrix may change in. @default 8 (Hu et al., 2021, table 9) */
  rank?: number;
  /** Of `'lora'`: what is learnt counts alpha / rank times. @default the rank */
  alpha?: number;
  /**
   * Of `'lora'`: the matrices that may change. `'attention'` are those of queries, keys, values and their projection; names are those of the
   * checkpoint, such as `'c_attn'` or `'q_proj'`. @default 'all', which is better than attention alone at as many numbers (Dettmers et al., QLoRA, 2023)
   */
  targets?: 'attention' | 'all' | readonly string[];
  /** Of `'lora'`: share of what the low-rank factors read that is left out at random. @default 0 */
  loraDropout?: number;
  /** `'L2'` is the labels' loss, `'L3'` adds λ times that of predicting the text's own next token (GPT, 2018, section 3.2). @default 'L2' */
  objective?: 'L2' | 'L3';
  /** λ of `'L3'`. @default 0.5 */
  lambda?: number;
  /** Of what is held out, of the order of examples, of new weights and of dropout. @default 0 */
  seed?: number;
  signal?: AbortSignal;
}
