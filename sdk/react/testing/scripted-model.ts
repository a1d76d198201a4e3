import type { ChatModel } from '../../loaded-model/chat-options.ts';
import type { ChatPart, ChatResult } from '../../loaded-model/chatting.ts';
import type { Message } from '../../loaded-model/message.ts';
import { createStreamedRun } from '../../loaded-model/streamed-run.ts';

/** What a {@link scriptedModel} answers: parts, or an error after some of them. */
export interface Script {
  readonly parts: readonly ChatPart[];
  /** What the answer adds to the conversation. @default the parts' texts, joined, as one message */
  readonly messages?: readonly Message[];
  readonly error?: unknown;
}

/** A model that answers what it is told to, a part every 10 ms, and remembers what it was asked. */
export function scriptedModel(...scripts: Script[]): ChatModel & { readonly asked: (readonly Message[])[] } {
  const asked: (readonly Message[])[] = [];
  return {
    asked,
    chat: (conversation, options = {}) =>
      createStreamedRun<ChatPart, ChatResult>(
        () => ({
          signal: options.signal,
          run: async (onPart, signal) => {
            asked.push(conversation);
            const { parts, messages, error } = scripts[asked.length - 1];
            let text = '';
            for (const part of parts) {
              await new Promise((resolve) => setTimeout(resolve, 10));
              if (signal.aborted) break;
              onPart(part);
              text += part.text ?? '';
            }
            if (error !== undefined) throw error;
            return resultOf(messages ?? [{ role: 'assistant', content: text }], signal.aborted);
          },
        }),
        () => resultOf([], true),
      ),
  };
}

function resultOf(messages: readonly Message[], aborted: boolean): ChatResult {
  const last = messages.at(-1);
  const message = last?.role === 'assistant' ? last : ({ role: 'assistant', content: '' } as const);
  return {
    text: String(message.content ?? ''),
    reasoning: '',
    toolCalls: message.toolCalls ?? [],
    message,
    messages,
    finishReason: aborted ? 'aborted' : 'stop',
    usage: { promptTokens: 0, cachedTokens: 0, generatedTokens: 0, reasoningTokens: 0, forcedTokens: 0 },
    timings: { prefillMs: 0, decodeMs: 0, tokensPerSecond: 0 },
  };
}
