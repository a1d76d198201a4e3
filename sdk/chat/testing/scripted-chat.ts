import type { ChatModel, ChatOptions } from '../../loaded-model/chat-options.ts';
import type { ChatPart, ChatResult } from '../../loaded-model/chatting.ts';
import type { Message } from '../../loaded-model/message.ts';
import { createStreamedRun } from '../../loaded-model/streamed-run.ts';
import { withPart } from '../answer-draft.ts';
import { nothingSaid } from '../nothing-said.ts';

/** What a scripted model was asked. */
export interface Asked {
  readonly messages: readonly Message[];
  readonly options: ChatOptions;
}

/** What is said to a question, the `turn`th from 1 on: it may wait, and throw what the answer is to fail with. */
export type ChatScript = (asked: Asked, turn: number, signal: AbortSignal) => AsyncIterable<ChatPart>;

/** A model that says what it is told to and remembers what it was asked: no parts more once it is aborted. */
export interface ScriptedChat extends ChatModel {
  readonly asked: Asked[];
  /** How each answer ended. */
  readonly ended: ChatResult['finishReason'][];
}

/** @param change of the result that follows from the parts which were said */
export function scriptedChat(
  script: ChatScript,
  change: (result: ChatResult, parts: readonly ChatPart[], turn: number) => Partial<ChatResult> = () => ({}),
): ScriptedChat {
  const asked: Asked[] = [];
  const ended: ChatResult['finishReason'][] = [];
  return {
    asked,
    ended,
    chat(messages, options = {}) {
      const turn = asked.push({ messages, options });
      return createStreamedRun<ChatPart, ChatResult>(
        () => ({
          signal: options.signal,
          run: async (onPart, signal) => {
            const said: ChatPart[] = [];
            for await (const part of script(asked[turn - 1], turn, signal)) {
              if (signal.aborted) break;
              said.push(part);
              onPart(part);
            }
            const whole = answerOf(said);
            const result = {
              ...whole,
              ...change(whole, said, turn),
              ...(signal.aborted && { finishReason: 'aborted' as const }),
            };
            ended.push(result.finishReason);
            return result;
          },
        }),
        nothingSaid,
      );
    },
  };
}

/** The result that parts come to. */
function answerOf(parts: readonly ChatPart[]): ChatResult {
  const messages = parts.reduce<readonly Message[]>(withPart, []);
  const last = messages.at(-1);
  const message = last?.role === 'assistant' ? last : { role: 'assistant' as const, content: '' };
  const { reasoning = '', toolCalls = [] } = message;
  const finishReason = toolCalls.length > 0 ? 'tool-calls' : 'stop';
  return { ...nothingSaid(), text: String(message.content), reasoning, toolCalls, message, messages, finishReason };
}

/** The next turn of the event loop, or a later one. */
export const later = (ms = 0): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
