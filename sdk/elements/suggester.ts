import { GptletError } from '../errors/gptlet-error.ts';
import type { GenerateOptions } from '../loaded-model/generate-options.ts';
import type { Generation, GenerationResult } from '../loaded-model/generation.ts';
import { promptWindow, restOf, wholeWords } from './prompt-window.ts';

/** What completes: a loaded model, or one of a server. */
export interface CompletingModel {
  generate(prompt: string, options?: GenerateOptions): Generation;
}

export interface SuggesterHost {
  readonly ready: (signal: AbortSignal) => Promise<CompletingModel>;
  readonly options: () => GenerateOptions | undefined;
  /** There is more of a suggestion, or with `isWhole` all of it. */
  readonly onSuggestion: (isWhole: boolean) => void;
  readonly onError: (error: unknown) => void;
}

/** Short, the same for the same text, on one line. */
const usual = { maxNewTokens: 12, temperature: 0, stop: ['\n'] };

/** Asks a model how a text goes on, one text at a time. */
export class Suggester {
  readonly #host: SuggesterHost;
  #asking: AbortController | undefined;
  #text = '';
  #suggestion = '';
  /** Characters that the model reads, at most: less than the embedded model's 256 tokens, of English. */
  #most = 800;

  constructor(host: SuggesterHost) {
    this.#host = host;
  }

  /** What is suggested now that the text is this. One who types what was suggested sees the rest of it. */
  suggestionFor(text: string): string {
    return restOf(this.#suggestion, this.#text, text);
  }

  cancel(): void {
    this.#asking?.abort();
    this.#suggestion = '';
  }

  async ask(text: string): Promise<void> {
    this.cancel();
    if (!text.trim()) return;
    const { signal } = (this.#asking = new AbortController());
    this.#text = text;
    try {
      const model = await this.#host.ready(signal);
      const { finishReason } = await this.#stream(model, signal);
      if (signal.aborted) return;
      if (finishReason === 'length') this.#suggestion = wholeWords(this.#suggestion);
      this.#host.onSuggestion(true);
    } catch (error) {
      if (!signal.aborted) this.#host.onError(error);
    }
  }

  async #stream(model: CompletingModel, signal: AbortSignal): Promise<GenerationResult> {
    const { prompt, endsInSpace } = promptWindow(this.#text, this.#most);
    const generation = model.generate(prompt, { ...usual, ...this.#host.options(), signal });
    let text = '';
    try {
      for await (const part of generation) {
        text += part.text;
        if (signal.aborted) break;
        this.#suggestion = endsInSpace ? text.replace(/^ /, '') : text;
        this.#host.onSuggestion(false);
      }
      return await generation;
    } catch (error) {
      const isTooLong = GptletError.isInstance(error) && error.code === 'CONTEXT_OVERFLOW';
      if (!isTooLong || this.#most < 32) throw error;
      this.#most /= 2;
      return this.#stream(model, signal);
    }
  }
}
