import { GptletError } from '../errors/gptlet-error.ts';
import { invalid } from '../errors/invalid.ts';
import type { ResolvedSamplingOptions } from './resolve-sampling-options.ts';
import type { SamplerExports } from './sampler-module.ts';
import { applyEdits, applyHistory, applyMask, type Edit, nothingLeft, writeLogits } from './score-steps.ts';

/** A token and its natural log-probability under the model's own distribution (log-softmax of the raw logits). */
export interface SampledToken {
  tokenId: number;
  logprob: number;
}

/**
 * Draws tokens from rows of logits (V). Made by `createSampler`.
 *
 * NaN counts as -Infinity. Where logits are +Infinity, those tokens share the whole distribution. A row in which
 * nothing can be drawn (no finite logit, or everything banned or masked) is a GptletError INVALID_OPTION.
 *
 * Random numbers: SplitMix64, its state the mixed seed; one uniform number of 53 bits per drawn token, none when
 * greedy. The arithmetic, exp included, is the sampler's own, so seed and logits determine the tokens everywhere.
 */
export class Sampler {
  /** The options in force, defaults filled in. */
  readonly options: ResolvedSamplingOptions;
  /**
   * How many leading tokens of the history are the prompt, which presence and frequency penalties do not count
   * (as with OpenAI and vLLM); repetition penalty and n-grams count the whole history, as in the hub's code.
   * @default 0
   */
  promptLength = 0;
  #wasm: SamplerExports | undefined;
  readonly #edits: readonly Edit[];
  #suppressed: readonly number[] = [];
  #mask: Uint32Array | undefined;
  #stateLow = 0;
  #stateHigh = 0;

  /** @internal Use `createSampler`. */
  constructor(wasm: SamplerExports, options: ResolvedSamplingOptions) {
    this.#wasm = wasm;
    this.options = options;
    this.#edits = [...options.logitBias, ...options.bannedTokenIds.map((tokenId): Edit => [tokenId, -Infinity])];
    this.reseed(options.seed);
  }

  /** Draws the next token. `history` is the prompt and what was generated, oldest first. */
  next(logits: Float32Array, history: ArrayLike<number> = []): SampledToken {
    const wasm = this.#prepare(logits, history);
    const { temperature } = this.options;
    let tokenId: number;
    if (temperature === 0) {
      tokenId = wasm.greedy();
      if (tokenId < 0) throw nothingLeft(logits.length);
    } else {
      this.#filter(wasm, logits.length, temperature);
      wasm.setState(this.#stateLow, this.#stateHigh);
      tokenId = wasm.draw();
      this.#keepState(wasm);
    }
    return { tokenId, logprob: wasm.logprob(tokenId) };
  }

  /** The distribution that `next` draws from, (V), zero where filtered out, summing to 1; draws nothing. */
  distribution(logits: Float32Array, history: ArrayLike<number> = []): Float32Array {
    const wasm = this.#prepare(logits, history);
    const { temperature } = this.options;
    if (temperature === 0) {
      const tokenId = wasm.greedy();
      if (tokenId < 0) throw nothingLeft(logits.length);
      const certain = new Float32Array(logits.length);
      certain[tokenId] = 1;
      return certain;
    }
    this.#filter(wasm, logits.length, temperature);
    wasm.writeDistribution();
    return new Float32Array(wasm.memory.buffer, wasm.rowBuffer.value, logits.length).slice();
  }

  /**
   * The n (0..20) most likely tokens of the model's own distribution, best first, the lowest id first among equals.
   * Fewer where fewer have a probability.
   */
  topLogprobs(logits: Float32Array, n: number): SampledToken[] {
    if (!(Number.isInteger(n) && n >= 0 && n <= 20)) throw invalid('logprobs', n, 'a whole number from 0 to 20');
    if (n === 0) return [];
    const wasm = this.#live();
    writeLogits(wasm, logits, 0, 0);
    const ids = new Int32Array(wasm.memory.buffer, wasm.candidateIds.value, wasm.bestTokens(n));
    return Array.from(ids, (tokenId) => ({ tokenId, logprob: wasm.logprob(tokenId) }));
  }

  /**
   * Log-softmax of the row with bias, penalties, bans and mask applied to it, before temperature and filters, (V):
   * what beam search adds to a beam's score, as the hub's code does.
   */
  scores(logits: Float32Array, history: ArrayLike<number> = []): Float32Array {
    const wasm = this.#prepare(logits, history, true);
    return new Float32Array(wasm.memory.buffer, wasm.scoreBuffer.value, logits.length).slice();
  }

  /**
   * Only ids whose bit is set (bit `id & 31` of word `id >> 5`) may come; ids past the end of the mask may not.
   * It is not copied and holds until it is replaced; undefined lifts it.
   */
  setMask(mask: Uint32Array | undefined): void {
    this.#mask = mask;
  }

  /** Ids that may not come, beside `bannedTokenIds`, until replaced: end-of-text before the minimum length, say. */
  setSuppressed(tokenIds: readonly number[]): void {
    this.#suppressed = tokenIds;
  }

  /** Begins the stream of random numbers of `seed` (by default the sampler's own again). */
  reseed(seed: number = this.options.seed): void {
    const wasm = this.#live();
    if (!Number.isSafeInteger(seed))
      throw invalid('seed', seed, `a whole number from ${Number.MIN_SAFE_INTEGER} to ${Number.MAX_SAFE_INTEGER}`);
    const integer = BigInt.asUintN(64, BigInt(seed));
    wasm.seedState(Number(integer & 0xffffffffn), Number(integer >> 32n));
    this.#keepState(wasm);
  }

  /**
   * Where the stream of random numbers is: another sampler that is given it draws with the same ones.
   *
   * @internal
   */
  get randomState(): readonly [low: number, high: number] {
    return [this.#stateLow, this.#stateHigh];
  }

  set randomState([low, high]: readonly [low: number, high: number]) {
    [this.#stateLow, this.#stateHigh] = [low, high];
  }

  /** Back to how it was created: seed, no mask, nothing suppressed, no prompt. For reuse. */
  reset(): void {
    this.reseed();
    this.#mask = undefined;
    this.#suppressed = [];
    this.promptLength = 0;
  }

  /** Lets go of the shared memory; later calls are a GptletError DISPOSED. */
  dispose(): void {
    this.#wasm = undefined;
    this.#mask = undefined;
  }

  #live(): SamplerExports {
    if (!this.#wasm)
      throw new GptletError('DISPOSED', 'This sampler was disposed of; create another with createSampler().');
    return this.#wasm;
  }

  #keepState(wasm: SamplerExports): void {
    this.#stateLow = wasm.stateLow();
    this.#stateHigh = wasm.stateHigh();
  }

  /** Everything up to the filters: the scores of this draw stand in the module's memory. */
  #prepare(logits: Float32Array, history: ArrayLike<number>, asLogprobs = false): SamplerExports {
    const editCount = this.#edits.length + this.#suppressed.length;
    const wasm = this.#live();
    writeLogits(wasm, logits, history.length, editCount);
    if (asLogprobs) wasm.logSoftmax();
    if (editCount > 0) applyEdits(wasm, logits.length, this.#edits, this.#suppressed);
    applyHistory(wasm, logits.length, history, this.promptLength, this.options);
    if (this.#mask) applyMask(wasm, logits.length, this.#mask);
    return wasm;
  }

  #filter(wasm: SamplerExports, vocabSize: number, temperature: number): void {
    const { topK, topP, minP, typicalP } = this.options;
    if (!wasm.filter(temperature, topK, topP, minP, typicalP)) throw nothingLeft(vocabSize);
  }
}
