/** The papers' lineages: GPT (2018), GPT-2, and the GPT-3 kind (banded attention, as GPT-Neo publishes it). */
export type Architecture = 'gpt' | 'gpt2' | 'gpt-neo';

/**
 * Activation of the feed-forward layer. `gelu_new` is the tanh approximation that GPT and GPT-2 use
 * (`gelu_fast` is the same formula and is mapped to it), `gelu` the exact one with erf.
 */
export type Activation = 'gelu_new' | 'gelu' | 'relu' | 'silu' | 'tanh';

/** A GPT as data. Families differ in these values only; engines read nothing else. */
export interface ModelConfig {
  readonly architecture: Architecture;
  /** L, number of blocks. */
  readonly nLayer: number;
  /** NH, attention heads per block; divides nEmbd. */
  readonly nHead: number;
  /** C, width of the residual stream. */
  readonly nEmbd: number;
  /** Width of the feed-forward layer, usually 4 C. */
  readonly nInner: number;
  /** Most tokens that one sequence may hold. */
  readonly nCtx: number;
  /** V. */
  readonly vocabSize: number;
  readonly activation: Activation;
  readonly layerNormEpsilon: number;
  /** `pre` normalises each sub-layer's input (GPT-2), `post` the sum after the residual (GPT, 2018). */
  readonly normPlacement: 'pre' | 'post';
  /** Whether a last norm stands before the head. */
  readonly finalNorm: boolean;
  /** Per layer: how many most recent tokens (itself included) a token attends to; 0 is all of them. */
  readonly attentionWindow: readonly number[];
  /** Per layer: factor on q·k before the softmax, 1/√HS in the papers. */
  readonly attentionScale: readonly number[];
  /** Whether the language-model head is the token embedding. */
  readonly tiedHead: boolean;
  readonly bosTokenId?: number;
  readonly eosTokenIds: readonly number[];
  readonly padTokenId?: number;
  /** What stands on the last hidden state besides the language-model head. */
  readonly head?: HeadConfig;
}

/** A fine-tuned linear head on the final hidden state. */
export interface HeadConfig {
  readonly kind: 'sequence-classification' | 'token-classification' | 'multiple-choice';
  /** Label names by id. */
  readonly labels: readonly string[];
  readonly problemType?: 'single_label_classification' | 'multi_label_classification' | 'regression';
  /** Whether the checkpoint has a bias beside the weight. */
  readonly bias: boolean;
  /** How texts become token sequences, where config.json says so under `gptlet`. */
  readonly inputFormat?: InputFormatConfig;
}

/**
 * What becomes of a text that exceeds the context: its head, its tail or half of each is kept, or it is read whole in
 * windows of the context whose logits are averaged. Several texts in one sequence have no windows: 'both' then.
 */
export type Truncation = 'head' | 'tail' | 'both' | 'windows';

/** The `gptlet` entry of a classifier's config.json: tokens of GPT's input transformations, and calibration. */
export interface InputFormatConfig {
  readonly startToken?: string;
  readonly delimiterToken?: string;
  readonly extractToken?: string;
  readonly truncation?: Truncation;
  /** Divides the logits before the softmax, chosen on development data. @default 1 */
  readonly temperature?: number;
}

/** HS, width of one attention head. */
export const headSize = (config: ModelConfig): number => config.nEmbd / config.nHead;
