import type { Message } from '../../loaded-model/message.ts';
import { textOf } from '../check-messages.ts';
import type { ToolNotation } from './tool-notation.ts';

/**
 * A conversation whose calls stand in its texts, for a template that does not write them down, and whose results are said by the
 * user, for one that does not know who says them.
 */
export function spellOutCalls(
  template: string,
  notation: ToolNotation,
  messages: readonly Message[],
): readonly Message[] {
  const spelled = template.includes('tool_calls') ? messages : messages.map((message) => spellOut(message, notation));
  return /['"]tool['"]/.test(template) ? spelled : resultsOfUser(spelled);
}

function spellOut(message: Message, { spell }: ToolNotation): Message {
  if (message.role !== 'assistant' || !message.toolCalls || !spell) return message;
  const { toolCalls, content, ...rest } = message;
  const texts = [textOf(content), ...toolCalls.map((call) => spell(call))];
  return { ...rest, content: texts.filter((text) => text !== '').join('\n') };
}

function resultsOfUser(messages: readonly Message[]): Message[] {
  const told: Message[] = [];
  for (const [i, message] of messages.entries()) {
    if (message.role === 'tool') {
      const result = `<tool_response>\n${textOf(message.content)}\n</tool_response>`;
      // Many templates want the roles to alternate.
      const before = messages[i - 1]?.role === 'tool' ? `${told.pop()?.content}\n` : '';
      told.push({ role: 'user', content: before + result });
    } else told.push(message);
  }
  return told;
}
