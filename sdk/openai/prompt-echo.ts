import type { ChatModel } from '../loaded-model/chat-options.ts';
import { badRequest } from './api-error.ts';
import type { EchoedToken } from './completion-logprobs.ts';
import { requireAbility } from './served-models.ts';

/** A text, or the ids of its tokens. */
export type WirePrompt = string | readonly number[];

/** A prompt as it stands before its answer. */
export interface Echo {
  readonly text: string;
  /** Where log-probabilities were asked for. */
  readonly tokens: readonly EchoedToken[] | undefined;
}

/** @throws ApiError 400 for log-probabilities of token ids, and for what the model cannot tell */
export async function echoOf(
  prompt: WirePrompt,
  withLogprobs: boolean,
  model: ChatModel,
  name: string,
  signal: AbortSignal,
): Promise<Echo> {
  if (typeof prompt !== 'string') {
    if (withLogprobs)
      throw badRequest('echo tells log-probabilities of a text alone: give the prompt as a text.', 'prompt');
    return { text: requireAbility(model, 'tokenizer', name).tokenizer.decode(prompt), tokens: undefined };
  }
  if (!withLogprobs || prompt === '') return { text: prompt, tokens: withLogprobs ? [] : undefined };
  const { tokens } = await requireAbility(model, 'score', name).score(prompt, { signal });
  const scored = tokens.map(({ text }) => text).join('');
  // What nothing stands before has no score: the first token of models without a begin-of-text token.
  const unscored = prompt.slice(0, Math.max(0, prompt.length - scored.length));
  return { text: prompt, tokens: [...(unscored === '' ? [] : [{ text: unscored, logprob: null }]), ...tokens] };
}
