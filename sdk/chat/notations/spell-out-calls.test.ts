import { expect, it } from 'vitest';
import type { Message } from '../../loaded-model/message.ts';
import { spellOutCalls } from './spell-out-calls.ts';

it('puts calls and results into the texts, roles alternating', () => {
  const call = (id: string, city: string): { id: string; name: string; arguments: Record<string, unknown> } => ({
    id,
    name: 'weather',
    arguments: { city, days: [1, 2], deep: { a: ', b' } },
  });
  const messages: Message[] = [
    { role: 'user', content: 'Where is it warm?' },
    { role: 'assistant', content: 'Let me see.', toolCalls: [call('1', 'Rome'), call('2', 'Oslo')] },
    { role: 'tool', toolCallId: '1', content: '20' },
    { role: 'tool', toolCallId: '2', content: [{ type: 'text', text: '9' }] },
    { role: 'assistant', content: 'In Rome.' },
  ];
  const written = (city: string): string =>
    `<tool_call>\n{"name": "weather", "arguments": {"city": "${city}", "days": [1, 2], "deep": {"a": ", b"}}}\n</tool_call>`;
  expect(spellOutCalls(messages)).toEqual([
    messages[0],
    { role: 'assistant', content: `Let me see.\n${written('Rome')}\n${written('Oslo')}` },
    { role: 'user', content: '<tool_response>\n20\n</tool_response>\n<tool_response>\n9\n</tool_response>' },
    messages[4],
  ]);
});
