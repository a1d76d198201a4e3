import { withPart } from '../../chat/answer-draft.ts';
import type { ChatModel, ChatOptions } from '../../loaded-model/chat-options.ts';
import type { ChatPart, ChatResult } from '../../loaded-model/chatting.ts';
import type { Message } from '../../loaded-model/message.ts';
import { createStreamedRun } from '../../loaded-model/streamed-run.ts';
import { textOf } from '../message-text.ts';

/** What a scripted model says to messages: parts, or an error in their place. */
export type Script = (messages: readonly Message[], turn: number) => Iterable<ChatPart | Error>;

/** A model that says what its script says, a part every `delay` milliseconds; `asked` has what it was asked, turn by turn. */
export function scriptedModel(
  script: Script,
  delay = 0,
): ChatModel & { readonly asked: { messages: readonly Message[]; options: ChatOptions }[] } {
  const asked: { messages: readonly Message[]; options: ChatOptions }[] = [];
  return {
    asked,
    chat(messages, options = {}) {
      const turn = asked.push({ messages, options });
      return createStreamedRun<ChatPart, ChatResult>(
        () => ({
          signal: options.signal,
          run: async (onPart, signal) => {
            let said: readonly Message[] = [];
            for (const part of script(messages, turn)) {
              await new Promise((resolve) => setTimeout(resolve, delay));
              if (signal.aborted) break;
              if (part instanceof Error) throw part;
              onPart(part);
              said = withPart(said, part);
            }
            return resultOf(said, signal.aborted ? 'aborted' : 'stop');
          },
        }),
        () => resultOf([], 'aborted'),
      );
    },
  };
}

function resultOf(messages: readonly Message[], finishReason: ChatResult['finishReason']): ChatResult {
  const last = messages.at(-1);
  const message = last?.role === 'assistant' ? last : { role: 'assistant' as const, content: '' };
  return {
    text: textOf(message),
    reasoning: message.reasoning ?? '',
    toolCalls: message.toolCalls ?? [],
    message,
    messages,
    finishReason,
    usage: { promptTokens: 0, cachedTokens: 0, generatedTokens: 0, reasoningTokens: 0, forcedTokens: 0 },
    timings: { prefillMs: 0, decodeMs: 0, tokensPerSecond: 0 },
  };
}

/** A text as parts of a word each. */
export const words = (text: string): ChatPart[] => (text.match(/\s*\S+/g) ?? []).map((word) => ({ text: word }));
