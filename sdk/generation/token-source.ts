import type { ResolvedGenerateOptions } from '../loaded-model/generate-options.ts';
import type { Sampler } from '../sampler/create-sampler.ts';
import type { KvSequence } from './kv-sequence.ts';

/** A token with its log-probability under the model's own distribution, and the likeliest ones where they were asked for. */
export interface ChosenToken {
  readonly tokenId: number;
  readonly logprob: number;
  readonly top: readonly { readonly tokenId: number; readonly logprob: number }[];
}

/** Where a generation's tokens come from. The kinds differ in what is read back from the engine and when, not in the tokens. */
export interface TokenSource {
  /** Whether the next token needs no pass, so that no other source may go on from here. */
  readonly isAhead: boolean;
  /** What was drafted so far, by a source that drafts. */
  readonly drafts?: { readonly draftedTokens: number; readonly acceptedTokens: number };
  /** Prefills the prompt; says how many of its tokens the KV cache already held. */
  start(promptIds: Uint32Array, signal: AbortSignal): Promise<number>;
  /** The next token after `history`, of which the last `generated` tokens came from here. */
  next(history: readonly number[], generated: number): Promise<ChosenToken>;
}

/** What a source chooses with. */
export interface TokenSourceInput {
  readonly kvSequence: KvSequence;
  readonly sampler: Sampler;
  readonly options: ResolvedGenerateOptions;
  /** Most tokens there will be. */
  readonly limit: number;
  /** Ids that may come next, as a mask; undefined where nothing is ruled out. */
  readonly restrict: (history: readonly number[], generated: number) => Uint32Array | undefined;
}

/** Has the sampler choose from a row of logits (V) after `history`. */
export function chooseFrom(
  { sampler, options, restrict }: TokenSourceInput,
  logits: Float32Array,
  history: readonly number[],
  generated: number,
): ChosenToken {
  sampler.setMask(restrict(history, generated));
  const { tokenId, logprob } = sampler.next(logits, history);
  return { tokenId, logprob, top: options.logprobs === undefined ? [] : sampler.topLogprobs(logits, options.logprobs) };
}

/** Reads the whole row of logits back for every token: works with every engine and every option. */
export class RowSource implements TokenSource {
  readonly #input: TokenSourceInput;
  #logits: Float32Array | undefined;

  constructor(input: TokenSourceInput) {
    this.#input = input;
  }

  async start(promptIds: Uint32Array, signal: AbortSignal): Promise<number> {
    const { logits, cachedTokens } = await this.#input.kvSequence.prefill(promptIds, { signal });
    this.#logits = logits;
    return cachedTokens;
  }

  get isAhead(): boolean {
    return this.#logits !== undefined;
  }

  async next(history: readonly number[], generated: number): Promise<ChosenToken> {
    // A token is run only when another is wanted after it: the last one of a generation never is.
    const logits = this.#logits ?? (await this.#run(history));
    this.#logits = undefined;
    return chooseFrom(this.#input, logits, history, generated);
  }

  /** The logits after `history`: mostly one token is new; several where some were forced. */
  async #run(history: readonly number[]): Promise<Float32Array> {
    const { kvSequence } = this.#input;
    if (kvSequence.length === history.length - 1) return kvSequence.decode(history[history.length - 1]);
    return (await kvSequence.prefill(Uint32Array.from(history))).logits as Float32Array;
  }
}
