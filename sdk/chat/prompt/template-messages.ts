import type { AssistantMessage, Message } from '../../loaded-model/message.ts';
import { textOf } from '../check-messages.ts';
import type { ReadTool } from '../read-tools.ts';

/** A message in the names that the hub's templates know. */
export type TemplateMessage = Readonly<Record<string, unknown>> & { readonly role: string; readonly content: string };

/** The conversation as templates want it; `guard` sees every text that somebody wrote. */
export function templateMessages(messages: readonly Message[], guard: (text: string) => string): TemplateMessage[] {
  const calls = messages.flatMap((message) => (message.role === 'assistant' ? (message.toolCalls ?? []) : []));
  return messages.map((message) => {
    const content = guard(textOf(message.content));
    switch (message.role) {
      case 'assistant':
        return { role: 'assistant', content, ...thoughtAndCalled(message, guard) };
      case 'tool': {
        const call = calls.find(({ id }) => id === message.toolCallId);
        return { role: 'tool', content, tool_call_id: message.toolCallId, ...(call && { name: call.name }) };
      }
      case 'developer':
        return { role: 'system', content };
      default:
        return { role: message.role, content };
    }
  });
}

function thoughtAndCalled({ reasoning, toolCalls }: AssistantMessage, guard: (text: string) => string): object {
  return {
    ...(reasoning && { reasoning_content: guard(reasoning) }),
    ...(toolCalls &&
      toolCalls.length > 0 && {
        tool_calls: toolCalls.map(({ id, name, arguments: given }) => ({
          id,
          type: 'function',
          function: { name, arguments: guardAll(given, guard) },
        })),
      }),
  };
}

/** A value with each text in it guarded. */
function guardAll(value: unknown, guard: (text: string) => string): unknown {
  if (typeof value === 'string') return guard(value);
  if (Array.isArray(value)) return value.map((item) => guardAll(item, guard));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [guard(key), guardAll(item, guard)]));
}

/** Tools as templates want them: OpenAI's form of a function. */
export const templateTools = (tools: readonly ReadTool[], guard: (text: string) => string): unknown[] =>
  tools.map(({ name, description = '', parameters }) => ({
    type: 'function',
    function: { name, description: guard(description), parameters: guardAll(parameters, guard) },
  }));
