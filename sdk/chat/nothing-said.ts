import type { ChatResult } from '../loaded-model/chatting.ts';

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
