import type { DescentOptions } from './descent-options.ts';
import type { TrainedTokenizer } from './tokenizer/train-tokenizer.ts';

/** How large a model is to be, in GPT-2's layout. */
export interface PretrainConfig {
  /** Blocks. @default 4 */
  layers?: number;
  /** Of attention, which share the width. @default 4 */
  heads?: number;
  /** Of the residual stream. @default 128 */
  width?: number;
  /** Most tokens of one sequence. @default 256 */
  context?: number;
  /** Tokens of the vocabulary. @default the tokenizer's, else 2048 */
  vocabSize?: number;
  /** Width of the feed-forward layer. @default four times the width */
  inner?: number;
}

/** How a model is trained from nothing. */
export interface PretrainOptions extends DescentOptions {
  /** What `trainTokenizer` gave. @default trained on the texts */
  tokenizer?: TrainedTokenizer;
  /** Share of the texts that is not learnt from but tells how good the model is. @default 0.02 */
  heldOut?: number;
  /** Of first weights, of what is held out and of the order of texts. @default 0 */
  seed?: number;
  signal?: AbortSignal;
}
