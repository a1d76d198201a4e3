import { expect, it } from 'vitest';
import type { Message, ToolCall } from '../../loaded-model/message.ts';
import { hermes } from './hermes.ts';
import { lfm2 } from './pythonic.ts';
import { spellOutCalls } from './spell-out-calls.ts';
import { readHermes, readPythonic } from './testing/read-back.ts';

const call = (id: string, city: string): ToolCall => ({
  id,
  name: 'weather',
  arguments: { city, days: [1, 2], deep: { a: ', b\n' }, sure: true, none: null },
});
const messages: Message[] = [
  { role: 'user', content: 'Where is it warm?' },
  { role: 'assistant', content: 'Let me see.', toolCalls: [call('1', 'Rome'), call('2', 'Oslo')] },
  { role: 'tool', toolCallId: '1', content: '20' },
  { role: 'tool', toolCallId: '2', content: [{ type: 'text', text: '9' }] },
  { role: 'assistant', content: 'In Rome.' },
];

it('puts calls and results into the texts for a template that knows neither, roles alternating', () => {
  const written = (city: string): string =>
    `<tool_call>\n{"name": "weather", "arguments": {"city": "${city}", "days": [1, 2], "deep": {"a": ", b\\n"}, "sure": true, "none": null}}\n</tool_call>`;
  expect(spellOutCalls('{{ messages }}', hermes, messages)).toEqual([
    messages[0],
    { role: 'assistant', content: `Let me see.\n${written('Rome')}\n${written('Oslo')}` },
    { role: 'user', content: '<tool_response>\n20\n</tool_response>\n<tool_response>\n9\n</tool_response>' },
    messages[4],
  ]);
});

it('leaves to a template what it knows', () => {
  const [, assistant, ...rest] = spellOutCalls(`{{ role == 'tool' }}`, hermes, messages);
  expect(assistant).not.toHaveProperty('toolCalls');
  expect(rest).toEqual(messages.slice(2));
  expect(spellOutCalls(`{{ role == "tool" }}{{ m.tool_calls }}`, hermes, messages)).toEqual(messages);
});

it('spells calls so that they can be read', () => {
  const { name, arguments: given } = call('1', 'Rome');
  for (const [notation, read] of [
    [hermes, readHermes],
    [lfm2, readPythonic],
  ] as const)
    expect(read(notation.spell?.({ name, arguments: given }) ?? '')).toEqual([{ name, arguments: given }]);
});
