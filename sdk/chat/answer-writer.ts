import type { GenerateOptions } from '../loaded-model/generate-options.ts';
import type { GenerationPart, GenerationResult, TokenLogprob } from '../loaded-model/generation.ts';
import type { GptModel } from '../loaded-model/gpt-model.ts';

/** Ends a step from within a call that is not finished. */
export class AnswerCut {
  readonly reason: 'length' | 'aborted';

  constructor(reason: 'length' | 'aborted') {
    this.reason = reason;
  }
}

/** What one stretch of an answer is written with. */
export type StretchOptions = Pick<
  GenerateOptions,
  'stop' | 'stopTokenIds' | 'constraint' | 'logprobs' | 'minNewTokens' | 'maxNewTokens'
>;

/**
 * Writes an answer behind a prompt, stretch by stretch: text that the model draws freely or in a form, and text that is put there.
 * Every stretch is a `generate` of its own, whose prompt the KV cache holds already.
 */
export class AnswerWriter {
  readonly #model: Pick<GptModel, 'generate' | 'tokenizer'>;
  readonly #sampling: GenerateOptions;
  readonly #limit: number;
  readonly #signal: AbortSignal;
  readonly #started: number = performance.now();
  #tokenIds: number[];
  #awaited = '';
  #stretches = 0;
  #prefillMs = 0;
  readonly usage: {
    promptTokens: number;
    cachedTokens: number;
    generatedTokens: number;
    forcedTokens: number;
    draftedTokens?: number;
    acceptedTokens?: number;
  };
  readonly logprobs: TokenLogprob[] = [];
  /** All that stands behind the prompt. */
  text = '';

  /**
   * @param sampling options of every stretch; a seed moves on from one to the next
   * @param limit most tokens to write
   */
  constructor(
    model: Pick<GptModel, 'generate' | 'tokenizer'>,
    promptIds: Uint32Array,
    sampling: GenerateOptions,
    limit: number,
    signal: AbortSignal,
  ) {
    this.#model = model;
    this.#sampling = sampling;
    this.#limit = limit;
    this.#signal = signal;
    this.#tokenIds = [...promptIds];
    this.usage = { promptTokens: promptIds.length, cachedTokens: 0, generatedTokens: 0, forcedTokens: 0 };
  }

  get specialTokens(): ReadonlyMap<string, number> {
    return this.#model.tokenizer.specialTokens;
  }

  /** The prompt's ids and all that were written. */
  get tokenIds(): Uint32Array {
    return Uint32Array.from(this.#tokenIds);
  }

  get timings(): GenerationResult['timings'] {
    const decodeMs = performance.now() - this.#started - this.#prefillMs;
    const tokensPerSecond = decodeMs > 0 ? (this.usage.generatedTokens * 1000) / decodeMs : 0;
    return { prefillMs: this.#prefillMs, decodeMs, tokensPerSecond };
  }

  /** Puts text there; texts of special tokens in it are those tokens. */
  force(text: string): void {
    this.#awaited += text;
  }

  /**
   * Has the model write. A stop text that it meets is there afterwards, and not in the result's text.
   *
   * @throws AnswerCut when it was aborted
   */
  async write(options: StretchOptions, onPart: (part: GenerationPart) => void = () => {}): Promise<GenerationResult> {
    const result = await this.#generate(options, onPart);
    this.#take(this.#idsOf(result));
    this.text += result.text + (result.stopText ?? '');
    return result;
  }

  /** Looks what the model would write next, which is then not there. @throws AnswerCut when it was aborted */
  async peek(options: StretchOptions): Promise<GenerationResult> {
    return this.#generate(options, () => {});
  }

  async #generate(options: StretchOptions, onPart: (part: GenerationPart) => void): Promise<GenerationResult> {
    this.#putAwaited();
    const left = this.#limit - this.usage.generatedTokens;
    if (left <= 0) throw new AnswerCut('length');
    const { seed } = this.#sampling;
    const generation = this.#model.generate(this.tokenIds, {
      ...this.#sampling,
      minNewTokens: 0,
      ...options,
      ...(seed != null && { seed: seed + this.#stretches }),
      maxNewTokens: Math.min(left, options.maxNewTokens ?? left),
      signal: this.#signal,
    });
    for await (const part of generation) {
      onPart(part);
      this.logprobs.push(...(part.logprobs ?? []));
    }
    const result = await generation;
    if (this.#stretches++ === 0) {
      this.usage.cachedTokens = Math.min(result.usage.cachedTokens, this.usage.promptTokens);
      this.#prefillMs = result.timings.prefillMs;
    }
    if (result.finishReason === 'aborted') {
      this.#take(result.tokenIds);
      this.text += result.text;
      throw new AnswerCut('aborted');
    }
    this.usage.forcedTokens += result.usage.forcedTokens ?? 0;
    for (const name of ['draftedTokens', 'acceptedTokens'] as const) {
      const more = result.usage[name];
      if (more !== undefined) this.usage[name] = (this.usage[name] ?? 0) + more;
    }
    return result;
  }

  /** The ids of a text and of the stop text behind it: the last one may go on beyond that. */
  #idsOf({ tokenIds, stopText }: GenerationResult): readonly number[] {
    const { tokenizer } = this.#model;
    if (stopText === undefined) return tokenIds;
    let whole = tokenizer.decode(tokenIds);
    const end = whole.lastIndexOf(stopText) + stopText.length;
    if (end === whole.length) return tokenIds;
    const kept = [...tokenIds];
    while (kept.length > 0 && whole.length > end) {
      kept.pop();
      whole = tokenizer.decode(kept);
    }
    const rest = tokenizer.decode(tokenIds).slice(whole.length, end);
    return [...kept, ...tokenizer.encode(rest, { allowSpecial: true, addSpecial: false, continues: true })];
  }

  #take(tokenIds: readonly number[]): void {
    this.#tokenIds.push(...tokenIds);
    this.usage.generatedTokens += tokenIds.length;
  }

  #putAwaited(): void {
    if (!this.#awaited) return;
    const ids = this.#model.tokenizer.encode(this.#awaited, { allowSpecial: true, addSpecial: false, continues: true });
    this.#take([...ids]);
    this.usage.forcedTokens += ids.length;
    this.text += this.#awaited;
    this.#awaited = '';
  }

  /** Puts what was last forced there, though the model writes no more. */
  end(): void {
    this.#putAwaited();
  }
}
