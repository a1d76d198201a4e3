import { textOf } from '../chat/check-messages.ts';
import type { ReadTool } from '../chat/read-tools.ts';
import type { Message } from '../loaded-model/message.ts';
import type { Dialect } from './connect-options.ts';

/**
 * Messages as OpenAI's protocol has them. What a model thought goes back only to a server that has sent such a field itself: others
 * may refuse it.
 */
export const wireMessages = (messages: readonly Message[], { reasoning: thought }: Dialect): unknown[] =>
  messages.map((message) => {
    const content = textOf(message.content);
    switch (message.role) {
      case 'assistant': {
        const { reasoning, toolCalls = [] } = message;
        return {
          role: 'assistant',
          content: content || (toolCalls.length > 0 ? null : ''),
          ...(thought && reasoning && { [thought]: reasoning }),
          ...(toolCalls.length > 0 && {
            tool_calls: toolCalls.map(({ id, name, arguments: given }) => ({
              id,
              type: 'function',
              function: { name, arguments: JSON.stringify(given) },
            })),
          }),
        };
      }
      case 'tool':
        return { role: 'tool', tool_call_id: message.toolCallId, content };
      case 'developer':
        // Templates of open models know no other name.
        return { role: 'system', content };
      default:
        return { role: message.role, content };
    }
  });

/** Tools as the protocol has them. */
export const wireTools = (tools: readonly ReadTool[]): unknown[] =>
  tools.map(({ name, description, parameters }) => ({ type: 'function', function: { name, description, parameters } }));
