import { nothingSaid } from '../../chat/nothing-said.ts';
import type { ChatModel, ChatOptions } from '../../loaded-model/chat-options.ts';
import type { ChatPart, ChatResult } from '../../loaded-model/chatting.ts';
import type { Message } from '../../loaded-model/message.ts';
import { createStreamedRun } from '../../loaded-model/streamed-run.ts';

/** What one answer is: its parts in order, an error where it fails, 'wait' where it goes on only when it is aborted. */
export type Script = readonly (ChatPart | Error | 'wait')[];

/** A model that says what it is told to: each call takes the next script. */
export interface ScriptedModel extends ChatModel {
  readonly calls: { readonly messages: readonly Message[]; readonly options: ChatOptions }[];
  /** How many calls were aborted. */
  aborted: number;
}

/** @param result what results have beside what follows from the parts */
export function scriptedModel(scripts: readonly Script[], result: Partial<ChatResult> = {}): ScriptedModel {
  const model: ScriptedModel = {
    calls: [],
    aborted: 0,
    chat(messages, options = {}) {
      const script = scripts[model.calls.length];
      model.calls.push({ messages, options });
      return createStreamedRun<ChatPart, ChatResult>(
        () => ({
          signal: options.signal,
          async run(onPart, signal) {
            const said: ChatPart[] = [];
            signal.addEventListener('abort', () => model.aborted++);
            for (const part of script) {
              await new Promise((resolve) => setTimeout(resolve));
              if (part === 'wait' && !signal.aborted)
                await new Promise((resolve) => signal.addEventListener('abort', resolve));
              if (signal.aborted) return resultOf(said, { ...result, finishReason: 'aborted' });
              if (part instanceof Error) throw part;
              if (part === 'wait') continue;
              said.push(part);
              onPart(part);
            }
            return resultOf(said, result);
          },
        }),
        nothingSaid,
      );
    },
  };
  return model;
}

function resultOf(parts: readonly ChatPart[], rest: Partial<ChatResult>): ChatResult {
  const text = parts.map((part) => part.text ?? '').join('');
  const reasoning = parts.map((part) => part.reasoning ?? '').join('');
  const toolCalls = parts.flatMap((part) => part.toolCall ?? []);
  const message = { role: 'assistant' as const, content: text, reasoning, toolCalls };
  const finishReason = toolCalls.length > 0 ? 'tool-calls' : 'stop';
  return { ...nothingSaid(), text, reasoning, toolCalls, message, messages: [message], finishReason, ...rest };
}
