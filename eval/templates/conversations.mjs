// Conversations that templates are tried with, in the package's own form; render.py has them in the hub's.
const weather = {
  description: 'The weather of a place, now.',
  parameters: {
    type: 'object',
    properties: {
      place: { type: 'string', description: 'A town, such as "Köln"' },
      unit: { type: 'string', enum: ['celsius', 'kelvin'] },
    },
    required: ['place'],
  },
};
const now = { description: 'The time of day.', parameters: { type: 'object', properties: {} } };
const call = (id, name, given) => ({ id, name, arguments: given });
const user = (content) => ({ role: 'user', content });
const assistant = (content, more) => ({ role: 'assistant', content, ...more });
const system = (content) => ({ role: 'system', content });

/** By what is special about each: messages, and options of `chat` that a template sees. */
export const conversations = {
  'one question': { messages: [user('Who was Ada Lovelace?')] },
  'a system text': { messages: [system('You are terse.'), user('Who was Ada Lovelace?')] },
  'several turns': {
    messages: [
      system('You are terse.'),
      user('Hello!'),
      assistant('Hi, how can I help?'),
      user(' Two  lines,\nwith "quotes" & <b>tags</b>. '),
      assistant('I see.\n\n'),
      user('Good.'),
    ],
  },
  'thoughts in the past': {
    messages: [user('What is 2 + 2?'), assistant('4', { reasoning: 'Two and two are four.' }), user('And 3 + 3?')],
  },
  'tools to call': { messages: [user('Is it raining in Köln?')], tools: { weather, now } },
  'a call and its result': {
    messages: [
      system('You are terse.'),
      user('Is it raining in Köln?'),
      assistant('', { toolCalls: [call('abcdefghi', 'weather', { place: 'Köln', unit: 'celsius' })] }),
      { role: 'tool', toolCallId: 'abcdefghi', content: '{"rain": true, "degrees": 11.5}' },
    ],
    tools: { weather, now },
  },
  'calls side by side, then words': {
    messages: [
      user('The time, and the weather in Oslo?'),
      assistant('', {
        toolCalls: [call('abcdefghi', 'weather', { place: 'Oslo' }), call('ABCDEFGHI', 'now', {})],
      }),
      { role: 'tool', toolCallId: 'abcdefghi', content: 'snow' },
      { role: 'tool', toolCallId: 'ABCDEFGHI', content: '12:00' },
      assistant('Noon, and snow.'),
      user('Thanks 🦊!'),
    ],
    tools: { weather, now },
  },
  'no thinking': { messages: [user('Quick: 2 + 2?')], thinking: false },
};

/** What stands for the special tokens that a checkpoint would name. */
export const tokens = { bos_token: '<s>', eos_token: '</s>', unk_token: '<unk>', pad_token: '<pad>' };
