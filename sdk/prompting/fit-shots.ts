import { GptletError } from '../errors/gptlet-error.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';

/** What prompts are fitted to: a model, or as much of one. */
export interface PromptTarget {
  readonly tokenizer: Tokenizer;
  readonly config: { readonly nCtx: number };
}

/** A prompt that leaves room for its answer. */
export interface FittedPrompt {
  readonly prompt: string;
  /** Shots that fitted: the newest ones. */
  readonly shots: number;
  readonly tokens: number;
}

/**
 * `head`, shots, `last`, with as many of the newest shots as leave `reserveTokens` of the context free.
 *
 * @throws GptletError CONTEXT_OVERFLOW when not even `head` and `last` fit
 */
export function fitShots(
  { tokenizer, config }: PromptTarget,
  { head, shots, last }: { head: string; shots: readonly string[]; last: string },
  reserveTokens: number,
): FittedPrompt {
  const room = config.nCtx - reserveTokens;
  for (let first = 0; first <= shots.length; first++) {
    const prompt = head + shots.slice(first).join('') + last;
    const tokens = tokenizer.count(prompt);
    if (tokens <= room) return { prompt, shots: shots.length - first, tokens };
  }
  throw new GptletError(
    'CONTEXT_OVERFLOW',
    `Without any example the prompt has ${tokenizer.count(head + last)} tokens, but only ${room} of the context's ${config.nCtx} are free when ${reserveTokens} are kept for the answer; shorten the text or use a model with a longer context.`,
  );
}
