import type { TrainedModel } from './results/trained-model.ts';

/** How the loss is brought down, step by step, where the body learns: of the methods `'lora'` and `'full'`, and of pre-training. */
export interface DescentOptions {
  /**
   * At the peak, after the warm-up. @default by method, times 768 / width, as wider models want smaller ones (Yang et al., 2022):
   * 6.25e-5 of `'full'` (GPT, 2018), 5e-4 of `'lora'` (Hu et al., 2021, table 9), 6e-4 of pre-training (GPT-3, table 2.1)
   */
  learningRate?: number;
  /** How often all examples are seen. @default 3 (GPT, 2018), of pre-training 1; of few examples as often as gives 100 steps */
  epochs?: number;
  /** Updates, in place of `epochs`. */
  steps?: number;
  /** Examples to an update. @default 32 (GPT, 2018), but at most an eighth of the examples and at least 4; of text 8, of pre-training those of sixteen contexts */
  batchSize?: number;
  /** Steps in which the learning rate rises from 0: a share of all below 1, else their number. @default 0.06 (Hu et al., 2021); of pre-training 100, at most a tenth */
  warmup?: number;
  /** How it falls again: to 0 in a straight line, along half a cosine to a twentieth of the peak, or not at all. @default 'linear'; of pre-training 'cosine' */
  schedule?: 'linear' | 'cosine' | 'constant';
  /** AdamW's, of matrices, not of norms and biases. @default 0.01; of pre-training 0.1 */
  weightDecay?: number;
  /** Share of values left out at random: of embeddings, and of what each sub-layer adds. @default 0.1 of 'full' (GPT, 2018), else 0 */
  dropout?: number;
  /** Gradients of a larger norm, taken all together, are scaled down to this. 0 leaves them. @default 1 */
  clip?: number;
  /** Evaluations of what is held out without a better one after which it stops. What is kept is the best. 0 never stops. @default 5; of pre-training 0 */
  patience?: number;
  /** Steps between two evaluations. @default an epoch, between a twentieth and a quarter of all steps */
  evaluateEvery?: number;
  /** Whether what a block keeps for its gradient is computed again instead: a third more work, much less memory. @default false */
  checkpointing?: boolean;
  /** Tokens that go through the model at once, which decides about memory: a batch of more goes in several passes. @default 1024 */
  tokensAtOnce?: number;
  /**
   * Whether the state is kept every minute, so that the same call after a reload or a crash goes on where it was, with the same numbers:
   * in origin-private storage; in Node in a folder, which may be given. It is removed at the end. @default true
   */
  storage?: boolean | string;
  /** What it runs on. @default 'auto': WebGPU where there is one */
  backend?: 'auto' | 'webgpu' | 'wasm';
  /** Of `'wasm'`. @default as many as there are cores; 1 where the page is not cross-origin isolated */
  threads?: number;
  /** Of `'full'` and pre-training: is given the model as it is at each evaluation, to sample from it or to keep it. */
  onSnapshot?: (model: TrainedModel, at: { readonly step: number }) => void;
}
