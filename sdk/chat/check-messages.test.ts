import { describe, expect, it } from 'vitest';
import type { Message } from '../loaded-model/message.ts';
import { checkMessages } from './check-messages.ts';

const user = { role: 'user', content: 'x' };

describe('messages', () => {
  it.each<[string, unknown, string]>([
    ['a text', 'Hello!', "messages is 'Hello!'; it must be an array of messages."],
    ['nothing', undefined, 'messages is undefined; it must be an array of messages.'],
    ['none', [], 'There are no messages'],
    ['a text among them', [user, 'x'], "messages[1] is 'x'; it must be an object."],
    ['an unknown role', [{ role: 'bot', content: 'x' }], "messages[0].role is 'bot'; it must be 'system',"],
    ['no content', [{ role: 'user' }], 'messages[0].content is undefined; it must be a text or an array of parts.'],
    ['a number', [{ role: 'user', content: 3 }], 'messages[0].content is 3;'],
    [
      'a part without text',
      [{ role: 'user', content: [{ type: 'text' }] }],
      'messages[0].content[0].text is undefined',
    ],
    [
      'a picture',
      [{ role: 'user', content: [{ type: 'image_url' }] }],
      'messages[0].content[0] is of the type "image_url"',
    ],
    [
      'a result of no call',
      [{ role: 'tool', content: 'x' }],
      'messages[0].toolCallId is undefined; it must be a text.',
    ],
    [
      'arguments as JSON',
      [{ role: 'assistant', toolCalls: [{ id: '1', name: 'a', arguments: '{}' }] }],
      "messages[0].toolCalls[0].arguments is '{}'; it must be an object.",
    ],
  ])('%s: refused by name', (_, messages, said) => {
    expect(() => checkMessages(messages as readonly Message[])).toThrow(said);
  });

  it('of every role and form pass', () => {
    checkMessages([
      { role: 'developer', content: 'x' },
      { role: 'user', content: [{ type: 'text', text: 'x' }] },
      { role: 'assistant', content: null, reasoning: 'y', toolCalls: [{ id: '1', name: 'a', arguments: {} }] },
      { role: 'tool', content: '', toolCallId: '1' },
      { role: 'assistant' },
    ]);
  });
});
