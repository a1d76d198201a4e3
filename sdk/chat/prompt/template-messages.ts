import type { AssistantMessage, Message } from '../../loaded-model/message.ts';
import { textOf } from '../check-messages.ts';
import type { ReadTool } from '../read-tools.ts';

/** A message in the names that the hub's templates know. */
export type TemplateMessage = Readonly<Record<string, unknown>> & { readonly role: string; readonly content: string };

/**
 * The conversation as templates want it.
 *
 * @param guard sees every text that somebody wrote
 * @param argumentsAsText for templates that want calls' arguments as JSON
 */
export function templateMessages(
  messages: readonly Message[],
  guard: (text: string) => string,
  argumentsAsText: boolean,
): TemplateMessage[] {
  const calls = messages.flatMap((message) => (message.role === 'assistant' ? (message.toolCalls ?? []) : []));
  return messages.map((message) => {
    const content = guard(textOf(message.content));
    switch (message.role) {
      case 'assistant':
        return { role: 'assistant', content, ...thoughtAndCalled(message, guard, argumentsAsText) };
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

function thoughtAndCalled(
  { reasoning, toolCalls }: AssistantMessage,
  guard: (text: string) => string,
  argumentsAsText: boolean,
): object {
  return {
    ...(reasoning && { reasoning_content: guard(reasoning) }),
    ...(toolCalls &&
      toolCalls.length > 0 && {
        tool_calls: toolCalls.map(({ id, name, arguments: given }) => ({
          id,
          type: 'function',
          function: { name, arguments: argumentsAsText ? guard(pythonJson(given)) : guardAll(given, guard) },
        })),
      }),
  };
}

/** JSON with the spaces that Python puts into it, as templates are made with. */
function pythonJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(pythonJson).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  return `{${Object.entries(value)
    .map(([key, item]) => `${JSON.stringify(key)}: ${pythonJson(item)}`)
    .join(', ')}}`;
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
