import type { Truncation } from '../model/config.ts';
import type { CallOptions } from './call-options.ts';

/** A label and how sure the model is of it. */
export interface LabelScore {
  readonly label: string;
  /** 0 … 1, over all labels summing to 1; each on its own for multi-label models; the value itself for regression. */
  readonly score: number;
}

export interface ClassifyOptions extends CallOptions {
  /** How many labels to return, or answers of `choose`: the best ones. @default all */
  topK?: number;
  /**
   * What is kept of a text that exceeds the context: 'head', 'tail', 'both', or all of it, in 'windows' whose logits are
   * averaged (each costs a pass). @default the checkpoint's own, else 'head'
   */
  truncation?: Truncation;
}

/** The four tasks of the GPT paper (section 3.3): what a model with a fine-tuned head can do with texts. */
export interface ClassifierTasks {
  /** Labels of one text, best first. Logits of `[start] text [extract]`. */
  classify(text: string, options?: ClassifyOptions): Promise<LabelScore[]>;
  /** Does `premise` entail `hypothesis`? Logits of `[start] premise [delimiter] hypothesis [extract]`. */
  entail(pair: { premise: string; hypothesis: string }, options?: ClassifyOptions): Promise<LabelScore[]>;
  /** How alike two texts are: both orders go through the model and are added, since neither comes first. */
  similarity(pair: { a: string; b: string }, options?: ClassifyOptions): Promise<LabelScore[]>;
  /** The best of several answers: one sequence each, softmax over the answers. The head's last label is its "fits". `topK` counts answers. */
  choose(
    task: { context: string; question?: string; answers: readonly string[] },
    options?: ClassifyOptions,
  ): Promise<{ index: number; score: number }[]>;
}
