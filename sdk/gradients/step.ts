import type { Activation } from '../model/config.ts';

/**
 * Rows of a float buffer: row r begins at `offset + r · stride`. How long a row is, the step says. N is how many tokens the run has
 * (of at most `TrainingPlan.mostTokens`), H how many rows the fine-tuned head has (at most `mostOutputs`).
 */
export interface View {
  /** Of `TrainingPlan.buffers`. */
  readonly buffer: string;
  readonly offset: number;
  readonly stride: number;
}

/** How many rows a step does: those of N (or H) from `first` on, at most `most`; of 'fixed', `most` always. Views begin at `first` already. */
export interface Rows {
  readonly of: 'tokens' | 'outputs' | 'fixed';
  readonly first: number;
  readonly most: number;
}

/** Values beside each other in one float buffer. */
export type Vector = Omit<View, 'stride'>;

/** A matrix (outputs O, inputs I) by its name in `TrainingPlan.matrices`: frozen ones may be quantised. */
export type MatrixName = string;

/**
 * What one kernel does, and to what. Every executor (reference, WASM, WebGPU) has each of them; the reference's are the definition. All is f32
 * and row-major. `accumulate` adds to what stands in the output instead of replacing it. In-place work (an output that is an input) is
 * allowed where the text says so. Gradients of parameters always accumulate.
 */
export type Step =
  | EmbedStep
  | EmbedGradientStep
  | NormStep
  | NormGradientStep
  | NormWeightGradientStep
  | MatmulStep
  | MatmulGradientStep
  | WeightGradientStep
  | BiasGradientStep
  | RotateStep
  | AttentionStep
  | AttentionGradientStep
  | ActivateStep
  | ActivateGradientStep
  | ConvolutionStep
  | ConvolutionGradientStep
  | ConvolutionWeightGradientStep
  | AddStep
  | DropoutStep
  | GatherStep
  | ScatterStep
  | CrossEntropyStep
  | LabelLossStep
  | SumStep
  | FillStep
  | SquareSumStep
  | AdamWStep;

/** out[n] = scale · table[tokenIds[n]] + positions[positions[n]], of width C. Reads the inputs `tokenIds` and `positions`. */
export interface EmbedStep {
  readonly kernel: 'embed';
  readonly rows: Rows;
  readonly width: number;
  readonly table: MatrixName;
  readonly scale: number;
  /** (learnedPositions, C); absent where positions are not learned. */
  readonly positionTable?: View;
  readonly out: View;
}

/** dTable[tokenIds[n]] += scale · dOut[n]; dPositionTable[positions[n]] += dOut[n]. The order of additions is that of n. */
export interface EmbedGradientStep {
  readonly kernel: 'embedGradient';
  readonly rows: Rows;
  readonly width: number;
  readonly scale: number;
  readonly dOut: View;
  readonly dTable?: View;
  readonly dPositionTable?: View;
}

/** What a norm works on: in each row `groups` vectors of `width` beside each other, each normalised by itself with the same weight. */
interface Normed {
  readonly rows: Rows;
  readonly groups: number;
  readonly width: number;
  readonly kind: 'layer' | 'rms';
}

/**
 * out = (x - mean) · rstd · weight + bias, or x · rstd · weight for 'rms'. out may be x. Keeps mean (0 for 'rms') and rstd of every vector,
 * (rows · groups, 2), where `stats` is given.
 */
export interface NormStep extends Normed {
  readonly kernel: 'norm';
  readonly x: View;
  readonly weight: Vector;
  readonly bias?: Vector;
  readonly epsilon: number;
  readonly out: View;
  readonly stats?: Vector;
}

/** dX (+)= gradient of the norm at x. dX may be dOut where it does not accumulate. */
export interface NormGradientStep extends Normed {
  readonly kernel: 'normGradient';
  readonly x: View;
  readonly weight: Vector;
  readonly stats: Vector;
  readonly dOut: View;
  readonly dX: View;
  readonly accumulate: boolean;
}

/** dWeight += Σ dOut · (x - mean) · rstd over rows and groups; dBias += Σ dOut. */
export interface NormWeightGradientStep extends Normed {
  readonly kernel: 'normWeightGradient';
  readonly x: View;
  readonly stats: Vector;
  readonly dOut: View;
  readonly dWeight: Vector;
  readonly dBias?: Vector;
}

/** out (rows, O) (+)= scale · x (rows, I) · Wᵀ + bias, W being rows `firstOutput` … `firstOutput + outputs - 1` of the matrix. */
export interface MatmulStep {
  readonly kernel: 'matmul';
  readonly rows: Rows;
  readonly matrix: MatrixName;
  readonly firstOutput: number;
  readonly outputs: number;
  readonly inputs: number;
  readonly x: View;
  readonly bias?: Vector;
  readonly scale: number;
  readonly out: View;
  readonly accumulate: boolean;
}

/** dX (rows, I) (+)= scale · dOut (rows, O) · W. */
export interface MatmulGradientStep {
  readonly kernel: 'matmulGradient';
  readonly rows: Rows;
  readonly matrix: MatrixName;
  readonly firstOutput: number;
  readonly outputs: number;
  readonly inputs: number;
  readonly dOut: View;
  readonly scale: number;
  readonly dX: View;
  readonly accumulate: boolean;
}

/** dW (O, I) += scale · dOutᵀ (O, rows) · x (rows, I). `dW` is f32 with rows of I. */
export interface WeightGradientStep {
  readonly kernel: 'weightGradient';
  readonly rows: Rows;
  readonly outputs: number;
  readonly inputs: number;
  readonly x: View;
  readonly dOut: View;
  readonly scale: number;
  readonly dW: View;
}

/** dBias (O) += Σ dOut over rows. */
export interface BiasGradientStep {
  readonly kernel: 'biasGradient';
  readonly rows: Rows;
  readonly outputs: number;
  readonly dOut: View;
  readonly dBias: Vector;
}

/**
 * Turns each of `heads` vectors of `headSize` in a row, in place, by the row's position (input `positions`): value i with value
 * i + size / 2, i < size / 2. `table` (nCtx, size): cos, sin of pair 0, then of pair 1 … (model/rotary.ts). `back` turns the other way, which is the gradient.
 */
export interface RotateStep {
  readonly kernel: 'rotate';
  readonly rows: Rows;
  readonly heads: number;
  readonly headSize: number;
  readonly size: number;
  readonly table: View;
  readonly x: View;
  readonly back: boolean;
}

/** How a row's query meets the keys of rows `max(sequenceStart[n], n - window + 1)` … n (window 0: from sequenceStart[n] on). */
interface Attended {
  readonly rows: Rows;
  readonly nHead: number;
  readonly nKvHead: number;
  readonly headSize: number;
  readonly window: number;
  readonly scale: number;
  /** c of c · tanh(score / c) on scaled scores; 0 is none. */
  readonly softCap: number;
  /** (rows, A + 2 K): queries, keys, values. */
  readonly qkv: View;
  /** (rows, NH): log of the sum of e^score of every query. */
  readonly logSumExp: View;
}

/** out (rows, NH · HS). Reads the input `sequenceStart`; head h uses keys of head floor(h · NKV / NH). */
export interface AttentionStep extends Attended {
  readonly kernel: 'attention';
  readonly out: View;
}

/** dQkv = gradient; replaces. Reads `sequenceStart` and `sequenceEnd` (the row after the sequence's last). Executors may keep scratch of their own. */
export interface AttentionGradientStep extends Attended {
  readonly kernel: 'attentionGradient';
  readonly out: View;
  readonly dOut: View;
  readonly dQkv: View;
}

/** out (rows, I) = activation(x[0 … I)), times x[I … 2 I) where gated. */
export interface ActivateStep {
  readonly kernel: 'activate';
  readonly rows: Rows;
  readonly width: number;
  readonly gated: boolean;
  readonly activation: Activation;
  readonly x: View;
  readonly out: View;
}

/** dX (rows, I or 2 I) = gradient; replaces, and may be x. */
export interface ActivateGradientStep {
  readonly kernel: 'activateGradient';
  readonly rows: Rows;
  readonly width: number;
  readonly gated: boolean;
  readonly activation: Activation;
  readonly x: View;
  readonly dOut: View;
  readonly dX: View;
}

/**
 * LFM2's: x (rows, 3 C) = b, c, u; out (rows, C) = c · (bias + Σ_j kernel[i, j] · (b · u) of row n - size + 1 + j), rows of the same sequence only
 * (`sequenceStart`). kernel (C, size).
 */
export interface ConvolutionStep {
  readonly kernel: 'convolution';
  readonly rows: Rows;
  readonly width: number;
  readonly size: number;
  readonly x: View;
  readonly weight: Vector;
  readonly bias?: Vector;
  readonly out: View;
}

/** dX (rows, 3 C); replaces. */
export interface ConvolutionGradientStep extends Omit<ConvolutionStep, 'kernel' | 'out'> {
  readonly kernel: 'convolutionGradient';
  readonly dOut: View;
  readonly dX: View;
}

export interface ConvolutionWeightGradientStep extends Omit<ConvolutionStep, 'kernel' | 'out' | 'weight' | 'bias'> {
  readonly kernel: 'convolutionWeightGradient';
  readonly dOut: View;
  readonly dWeight: Vector;
  readonly dBias?: Vector;
}

/** out = a + b, of rows; out may be either. */
export interface AddStep {
  readonly kernel: 'add';
  readonly rows: Rows;
  readonly width: number;
  readonly a: View;
  readonly b: View;
  readonly out: View;
}

/**
 * out[n, c] (+)= 0 where random(n · width + c) < rate, else x / (1 - rate), random being `dropoutRandom` (dropout-random.ts) of the run's
 * `dropoutSeed` and the step's `salt`: the same in the forward pass, when it is done again, and for gradients. out may be x.
 */
export interface DropoutStep {
  readonly kernel: 'dropout';
  readonly rows: Rows;
  readonly width: number;
  readonly rate: number;
  readonly salt: number;
  readonly x: View;
  readonly out: View;
}

/** out[h] = Σ over j < `each` of x[headRows[h · each + j]], -1 being none. Rows are those of outputs. */
export interface GatherStep {
  readonly kernel: 'gather';
  readonly rows: Rows;
  readonly width: number;
  readonly each: number;
  readonly x: View;
  readonly out: View;
}

/** dX[headRows[h · each + j]] += dOut[h]; in the order of h. */
export interface ScatterStep {
  readonly kernel: 'scatter';
  readonly rows: Rows;
  readonly width: number;
  readonly each: number;
  readonly dOut: View;
  readonly dX: View;
}

/**
 * Next-token loss of rows of logits (rows, V), which become their gradient in place. l = softCap(logits · scale); target[n] of the input
 * `targets` (-1: loss and gradient are 0), weight[n] of `targetWeights`: losses[n] = weight · -Σ t log softmax(l), t being 1 - smoothing at the
 * target and smoothing / V everywhere besides. Row r of the step is token `rows.first + r` in targets, weights and losses.
 */
export interface CrossEntropyStep {
  readonly kernel: 'crossEntropy';
  readonly rows: Rows;
  readonly width: number;
  readonly logits: View;
  readonly scale: number;
  readonly softCap: number;
  readonly smoothing: number;
  readonly losses: Vector;
}

/**
 * Loss of the fine-tuned head's logits (H, K), by kind, with inputs `headTargets` (H, K) and `headWeights` (H); dLogits may not be logits.
 * 'one label': -Σ_k t log softmax. 'labels': Σ_k of the binary cross entropies, divided by K. 'value': Σ_k ½ (logit - t)², divided by K.
 * 'answer' (K = 1): softmax over the outputs of one example, `headGroups` (H, 2): its first output and how many it has;
 * -t log softmax of each output.
 */
export interface LabelLossStep {
  readonly kernel: 'labelLoss';
  readonly rows: Rows;
  readonly width: number;
  readonly kind: 'one label' | 'labels' | 'value' | 'answer';
  readonly logits: View;
  readonly dLogits: View;
  readonly losses: Vector;
}

/** total[0] += Σ values over rows, in the order of rows (in double precision where there is). */
export interface SumStep {
  readonly kernel: 'sum';
  readonly rows: Rows;
  readonly values: Vector;
  readonly total: Vector;
}

export interface FillStep {
  readonly kernel: 'fill';
  readonly at: Vector;
  readonly length: number;
  readonly value: number;
}

/** norm[0] = √(Σ value²). Sums are made in blocks of 4,096 values, then over blocks in order, so that threads do not change a bit. */
export interface SquareSumStep {
  readonly kernel: 'squareSum';
  readonly at: Vector;
  readonly length: number;
  readonly norm: Vector;
}

/**
 * AdamW (Loshchilov and Hutter, 2019) as PyTorch has it, on `length` values of the four buffers at the same offset: g' = g · min(1, maxNorm / (norm + 1e-6));
 * p -= lr · decay · p; m = β1 m + (1 - β1) g'; v = β2 v + (1 - β2) g'²; p -= lr · (m / correction1) / (√(v / correction2) + ε). lr and the corrections
 * (1 - β^t) come with the run. Does nothing at all where norm is not finite. maxNorm 0: no clipping.
 */
export interface AdamWStep {
  readonly kernel: 'adamW';
  readonly offset: number;
  readonly length: number;
  readonly decay: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly maxNorm: number;
}
