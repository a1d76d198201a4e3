import type { ChatResult } from '../loaded-model/chatting.ts';
import type { StartChat } from '../loaded-model/loaded-model.ts';
import { createStreamedRun } from '../loaded-model/streamed-run.ts';
import { checkArgument } from '../options/check-argument.ts';
import { abortSignal, object, optional } from '../options/kinds.ts';

/** Chats with a model; what it takes is loaded with the first answer. */
export const startChat: StartChat = (model, messages, options) =>
  createStreamedRun(() => {
    // All else is checked by the code that is loaded.
    checkArgument('options', options, object);
    checkArgument('signal', options.signal, optional(abortSignal));
    return {
      signal: options.signal ?? undefined,
      run: async (onPart, signal) => (await import('./run-chat.ts')).runChat(model, messages, options, onPart, signal),
    };
  }, nothingSaid);

/** What there is of an answer that was aborted before it began. */
export const nothingSaid = (): ChatResult => ({
  text: '',
  reasoning: '',
  toolCalls: [],
  message: { role: 'assistant', content: '' },
  messages: [],
  finishReason: 'aborted',
  usage: { promptTokens: 0, cachedTokens: 0, generatedTokens: 0, reasoningTokens: 0, forcedTokens: 0 },
  timings: { prefillMs: 0, decodeMs: 0, tokensPerSecond: 0 },
});
