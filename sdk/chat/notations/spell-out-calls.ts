import type { Message } from '../../loaded-model/message.ts';
import { textOf } from '../check-messages.ts';

/**
 * A conversation without calls and results: they stand in the texts, as the system text of {@link describeTools} tells of them. For
 * templates that know neither.
 */
export function spellOutCalls(messages: readonly Message[]): Message[] {
  const spelled: Message[] = [];
  let wasResult = false;
  for (const message of messages) {
    const isResult = message.role === 'tool';
    if (isResult) {
      const result = `<tool_response>\n${textOf(message.content)}\n</tool_response>`;
      // Many templates want the roles to alternate.
      const before = wasResult ? `${spelled.pop()?.content}\n` : '';
      spelled.push({ role: 'user', content: before + result });
    } else if (message.role === 'assistant' && message.toolCalls && message.toolCalls.length > 0) {
      const { toolCalls, content, ...rest } = message;
      const calls = toolCalls.map(
        (call) => `<tool_call>\n{"name": "${call.name}", "arguments": ${withBlanks(call.arguments)}}\n</tool_call>`,
      );
      spelled.push({ ...rest, content: [textOf(content), ...calls].filter((text) => text !== '').join('\n') });
    } else spelled.push(message);
    wasResult = isResult;
  }
  return spelled;
}

/** JSON with the blanks that Python puts into it, and models from there. */
const withBlanks = (value: unknown): string =>
  JSON.stringify(value, null, 1).replace(/,\n */g, ', ').replace(/\n */g, '');
