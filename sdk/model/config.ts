/**
 * The lineage that a checkpoint belongs to: the papers' (GPT (2018), GPT-2, and the GPT-3 kind as GPT-Neo publishes it), and
 * those that came of them. Engines do not look at it.
 */
export type Architecture =
  | 'gpt'
  | 'gpt2'
  | 'gpt-neo'
  | 'gpt-j'
  | 'gpt-neox'
  | 'starcoder2'
  | 'llama'
  | 'mistral'
  | 'smollm3'
  | 'qwen2'
  | 'qwen3'
  | 'gemma'
  | 'gemma2'
  | 'gemma3'
  | 'olmo2'
  | 'phi3'
  | 'lfm2';

/**
 * Activation of the feed-forward layer. `gelu_new` is the tanh approximation that GPT and GPT-2 use
 * (`gelu_fast` is the same formula and is mapped to it), `gelu` the exact one with erf.
 */
export type Activation = 'gelu_new' | 'gelu' | 'relu' | 'silu' | 'tanh';

/** What a block does before its feed-forward layer. A convolution is LFM2's: short, gated, over each channel by itself. */
export type BlockKind = 'attention' | 'convolution';

/** A layer that may have a bias, by its name in `weightShapes`. */
export type BiasedLinear =
  | 'attention.qkv'
  | 'attention.projection'
  | 'mlp.up'
  | 'mlp.down'
  | 'convolution.in'
  | 'convolution.kernel'
  | 'convolution.out'
  | 'head';

/** A GPT as data. Families differ in these values only; engines read nothing else. */
export interface ModelConfig {
  readonly architecture: Architecture;
  /** L, number of blocks. */
  readonly nLayer: number;
  /** NH, attention heads per block. */
  readonly nHead: number;
  /** NKV, heads of keys and values; each serves NH / NKV neighbouring query heads (Ainslie et al., 2023). */
  readonly nKvHead: number;
  /** HS, width of one head; NH · HS is C in the papers, and may be anything. */
  readonly headSize: number;
  /** C, width of the residual stream. */
  readonly nEmbd: number;
  /** Width of the feed-forward layer, usually 4 C. */
  readonly nInner: number;
  /** Most tokens that one sequence may hold: the model's own limit, in an engine's config what it was loaded for. */
  readonly nCtx: number;
  /** V. */
  readonly vocabSize: number;
  readonly activation: Activation;
  /** Whether the feed-forward layer is down(activation(gate(x)) · up(x)) and not down(activation(up(x))) (Shazeer, 2020). */
  readonly gatedMlp: boolean;
  /** `layer` takes the mean away and has a bias, `rms` does neither (Zhang and Sennrich, 2019). */
  readonly normKind: 'layer' | 'rms';
  readonly normEpsilon: number;
  /**
   * `pre` normalises each sub-layer's input (GPT-2), `post` the sum after the residual (GPT, 2018), `output` what a sub-layer
   * gives before it is added (OLMo 2), `sandwich` its input and its output (Gemma 2).
   */
  readonly normPlacement: 'pre' | 'post' | 'output' | 'sandwich';
  /** Whether attention and feed-forward layer both read what enters the block, and are added to it together (GPT-J); `pre` only. */
  readonly parallelBlock: boolean;
  /** RMS norms of queries and keys before they turn: of each head, with one weight for all, or of all heads' values together. */
  readonly queryKeyNorm: 'none' | 'head' | 'joint';
  /** Whether a last norm stands before the head. */
  readonly finalNorm: boolean;
  /** Rows of the learned embedding of positions, which is added to that of the token; 0 where there is none. */
  readonly learnedPositions: number;
  /** Per layer: how queries and keys turn with their position, or null where they do not. */
  readonly rotary: readonly (RotaryConfig | null)[];
  /** Per layer. */
  readonly blockKind: readonly BlockKind[];
  /** How many positions a convolution sees, its own included; 0 in a model without. */
  readonly convolutionSize: number;
  /** Per layer: how many most recent tokens (itself included) a token attends to; 0 is all of them. */
  readonly attentionWindow: readonly number[];
  /** Per layer: factor on q·k before the softmax, 1/√HS in the papers. */
  readonly attentionScale: readonly number[];
  /** c of c · tanh(score / c), applied to scaled q·k; 0 leaves it as it is (Gemma 2). */
  readonly attentionSoftCap: number;
  /** Factor on the embedding of a token, √C in Gemma. */
  readonly embeddingScale: number;
  /** Factor on logits, before they are capped. */
  readonly logitScale: number;
  /** c of c · tanh(logit / c); 0 leaves it as it is (Gemma 2). */
  readonly logitSoftCap: number;
  /** Linear layers that may have a bias. */
  readonly biases: readonly BiasedLinear[];
  /** Whether the language-model head is the token embedding. */
  readonly tiedHead: boolean;
  readonly bosTokenId?: number;
  readonly eosTokenIds: readonly number[];
  readonly padTokenId?: number;
  /** What stands on the last hidden state besides the language-model head. */
  readonly head?: HeadConfig;
}

/** How queries and keys are turned (Su et al., RoFormer, 2021); see rotary.ts for the angles. */
export interface RotaryConfig {
  /** How many of a head's values turn, from its first on; even. Value i turns together with value i + size / 2. */
  readonly size: number;
  /** Pair i turns by position / base^(2 i / size). */
  readonly base: number;
  /** How the angles are changed for contexts longer than those of the first training. */
  readonly scaling?: RotaryScaling;
}

/** The scalings that published models use, by the hub's names (its modeling_rope_utils.py). */
export type RotaryScaling =
  | { readonly kind: 'linear'; readonly factor: number }
  | {
      readonly kind: 'llama3';
      readonly factor: number;
      readonly lowFrequencyFactor: number;
      readonly highFrequencyFactor: number;
      /** Tokens of context in the first training. */
      readonly originalContext: number;
    }
  | {
      readonly kind: 'yarn';
      readonly factor: number;
      readonly originalContext: number;
      readonly betaFast: number;
      readonly betaSlow: number;
      /** Factor on sine and cosine. */
      readonly attentionFactor: number;
      /** Whether the borders between fast and slow pairs are whole numbers. */
      readonly truncate: boolean;
    }
  | {
      readonly kind: 'longrope';
      /** By what the frequency of each pair is divided, (size / 2), where a sequence may not be longer than `originalContext`. */
      readonly shortFactors: readonly number[];
      /** The same where it may. */
      readonly longFactors: readonly number[];
      readonly originalContext: number;
      readonly attentionFactor: number;
    };

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
