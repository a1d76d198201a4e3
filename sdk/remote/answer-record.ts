import type { GenerationResult } from '../loaded-model/generation.ts';
import { type Chunk, firstChoice, type WireUsage } from './wire.ts';

/** What the chunks of one answer tell beside its text: how it ended, what it took, how long. */
export class AnswerRecord {
  readonly #asked: number = performance.now();
  #firstMs: number | undefined;
  #usage: WireUsage = {};
  #reason: string | undefined;

  read({ choices, usage }: Chunk): void {
    if (usage) this.#usage = usage;
    const choice = firstChoice(choices);
    this.#reason = choice?.finish_reason ?? this.#reason;
    const { content, reasoning, reasoning_content, tool_calls } = choice?.delta ?? {};
    // Some begin with a chunk that tells the role alone.
    if (choice?.text || content || reasoning || reasoning_content || tool_calls?.length)
      this.#firstMs ??= performance.now();
  }

  /** 'tool_calls', 'content_filter', TGI's 'eos_token' and others are a model that was done. */
  get finishReason(): 'stop' | 'length' {
    return this.#reason === 'length' ? 'length' : 'stop';
  }

  /** What the server counted; zeros where it did not say. */
  get usage(): GenerationResult['usage'] & { readonly reasoningTokens: number } {
    const { prompt_tokens, completion_tokens, prompt_tokens_details, completion_tokens_details, reasoning_tokens } =
      this.#usage;
    return {
      promptTokens: prompt_tokens ?? 0,
      cachedTokens: prompt_tokens_details?.cached_tokens ?? 0,
      generatedTokens: completion_tokens ?? 0,
      reasoningTokens: completion_tokens_details?.reasoning_tokens ?? reasoning_tokens ?? 0,
    };
  }

  /** As seen from here: the way to the server and its queue are in it. */
  get timings(): GenerationResult['timings'] {
    const now = performance.now();
    const first = this.#firstMs ?? now;
    const decodeMs = now - first;
    const { generatedTokens } = this.usage;
    const tokensPerSecond = decodeMs > 0 ? (generatedTokens * 1000) / decodeMs : 0;
    return { prefillMs: first - this.#asked, decodeMs, tokensPerSecond };
  }
}
