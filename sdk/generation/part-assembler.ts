import type { GenerationPart, TokenLogprob } from '../loaded-model/generation.ts';
import type { StreamDecoder, Tokenizer } from '../tokenizer/tokenizer.ts';
import { StopTexts } from './stop-texts.ts';

/** Gathers tokens into parts that can be shown: whole characters, nothing of a stop text. */
export class PartAssembler {
  readonly #decoder: StreamDecoder | undefined;
  readonly #knownIds: number;
  readonly #stops: StopTexts;
  readonly #minNewTokens: number;
  readonly #onPart: (part: GenerationPart) => void;
  readonly #withLogprobs: boolean;
  #pendingIds: number[] = [];
  #pendingLogprobs: TokenLogprob[] = [];
  readonly tokenIds: number[] = [];
  readonly logprobs: TokenLogprob[] = [];
  text = '';

  constructor(
    tokenizer: Tokenizer | undefined,
    promptIds: Uint32Array,
    options: { stop: readonly string[]; minNewTokens: number; logprobs: number | undefined },
    onPart: (part: GenerationPart) => void,
  ) {
    this.#decoder = tokenizer?.decoder();
    this.#knownIds = tokenizer?.vocabSize ?? 0;
    // GPT-1 puts the space between two words when the second one comes, SentencePiece takes away that before the first: their
    // decoders must have seen the prompt. What begins a text is none of it.
    if (tokenizer?.kind === 'gpt1' || tokenizer?.kind === 'sentencepiece')
      for (const tokenId of promptIds) if (!tokenizer.template.before.includes(tokenId)) this.#decoder?.push(tokenId);
    this.#stops = new StopTexts(options.stop);
    this.#minNewTokens = options.minNewTokens;
    this.#withLogprobs = options.logprobs !== undefined;
    this.#onPart = onPart;
  }

  /** The stop text that ended it. */
  get stopText(): string | undefined {
    return this.#stops.reached;
  }

  /** Takes a token; says whether a stop text was reached. */
  push(tokenId: number, logprob: TokenLogprob | undefined): boolean {
    this.tokenIds.push(tokenId);
    this.#pendingIds.push(tokenId);
    if (logprob) {
      this.logprobs.push(logprob);
      this.#pendingLogprobs.push(logprob);
    }
    // Embeddings are often padded to a round number of rows: a row beyond the vocabulary has no text.
    const text = tokenId < this.#knownIds ? (this.#decoder?.push(tokenId) ?? '') : '';
    // Before minNewTokens a stop text is ordinary text.
    if (this.tokenIds.length < this.#minNewTokens) {
      this.#emit(text);
      return false;
    }
    const shown = this.#stops.push(text);
    if (shown.text || !this.#decoder) this.#emit(shown.text);
    return shown.stopped;
  }

  /** Hands out what is left. After a stop text, what the decoder still holds lies beyond it and is dropped. */
  end(stoppedByText: boolean): void {
    let text = '';
    if (!stoppedByText) {
      const last = this.#stops.push(this.#decoder?.flush() ?? '');
      text = last.stopped ? last.text : last.text + this.#stops.flush();
    }
    if (text || this.#pendingIds.length > 0) this.#emit(text);
  }

  #emit(text: string): void {
    this.text += text;
    const part: GenerationPart = { text, tokenIds: this.#pendingIds };
    this.#onPart(this.#withLogprobs ? { ...part, logprobs: this.#pendingLogprobs } : part);
    this.#pendingIds = [];
    this.#pendingLogprobs = [];
  }
}
