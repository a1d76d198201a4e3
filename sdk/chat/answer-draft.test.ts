import { expect, it } from 'vitest';
import type { ChatPart } from '../loaded-model/chatting.ts';
import type { Message } from '../loaded-model/message.ts';
import { withPart } from './answer-draft.ts';

const toolCall = { id: 'a', name: 'clock', arguments: {} };

it('parts of several steps come to the messages of the steps', () => {
  const parts: ChatPart[] = [
    { reasoning: 'I need ' },
    { reasoning: 'the time.' },
    { text: 'Let me look.' },
    { toolCall },
    { toolResult: { toolCallId: 'a', name: 'clock', content: '12:00', isError: false } },
    { text: 'It is ' },
    { text: 'noon.' },
  ];
  const messages = parts.reduce<readonly Message[]>(withPart, []);
  expect(messages).toEqual([
    { role: 'assistant', content: 'Let me look.', reasoning: 'I need the time.', toolCalls: [toolCall] },
    { role: 'tool', toolCallId: 'a', content: '12:00' },
    { role: 'assistant', content: 'It is noon.' },
  ]);
});
