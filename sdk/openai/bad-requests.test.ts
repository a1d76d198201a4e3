// What is wrong with a request is told in OpenAI's form, and never ends the handler: a table, and changes at random.
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../platform/seeded-random.ts';
import { createOpenAIHandler } from './create-openai-handler.ts';
import { post } from './testing/requests.ts';
import { scriptedTextModel } from './testing/scripted-model.ts';

const handler = createOpenAIHandler({ models: { m: scriptedTextModel() } });
const user = { role: 'user', content: 'Hello!' };
const tool = { type: 'function', function: { name: 't', parameters: { type: 'object' } } };
const call = { id: 'c', type: 'function', function: { name: 't', arguments: '{}' } };

/** Parameters of a chat beside model and messages, and the one that is named. */
const chats: [body: object, param: string | null][] = [
  [{ model: undefined }, 'model'],
  [{ model: 5 }, 'model'],
  [{ model: null }, 'model'],
  [{ regex: 'a' }, 'regex'],
  [{ structured_outputs: {} }, 'structured_outputs'],
  [{ structured_outputs: { choice: ['a'] }, response_format: { type: 'text' } }, 'structured_outputs'],
  [{ structured_outputs: { choice: [1] } }, 'structured_outputs.choice'],
  [{ chat_template_kwargs: { enable_thinking: 'no' } }, 'chat_template_kwargs.enable_thinking'],
  [{ chat_template_kwargs: { date: 'today' } }, 'chat_template_kwargs.date'],
  [{ continue_final_message: true, add_generation_prompt: true }, 'add_generation_prompt'],
  [{ stop_token_ids: ['a'] }, 'stop_token_ids'],
  [{ messages: undefined }, 'messages'],
  [{ messages: [] }, 'messages'],
  [{ messages: 'Hello!' }, 'messages'],
  [{ messages: {} }, 'messages'],
  [{ messages: ['Hello!'] }, 'messages[0]'],
  [{ messages: [null] }, 'messages[0]'],
  [{ messages: [[]] }, 'messages[0]'],
  [{ messages: [{}] }, 'messages[0].role'],
  [{ messages: [user, { role: 'robot', content: '' }] }, 'messages[1].role'],
  [{ messages: [{ role: 'function', name: 'f', content: '' }] }, 'messages[0].role'],
  [{ messages: [{ role: '__proto__', content: '' }] }, 'messages[0].role'],
  [{ messages: [{ role: 'user' }] }, 'messages[0].content'],
  [{ messages: [{ role: 'user', content: null }] }, 'messages[0].content'],
  [{ messages: [{ role: 'user', content: 5 }] }, 'messages[0].content'],
  [{ messages: [{ role: 'system', content: { text: 'a' } }] }, 'messages[0].content'],
  [{ messages: [{ role: 'user', content: ['a'] }] }, 'messages[0].content[0]'],
  [{ messages: [{ role: 'user', content: [{ text: 'a' }] }] }, 'messages[0].content[0].type'],
  [{ messages: [{ role: 'user', content: [{ type: 'text' }] }] }, 'messages[0].content[0].text'],
  [
    {
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'What is this?' },
            { type: 'image_url', image_url: { url: 'data:image/png;base64,' } },
          ],
        },
      ],
    },
    'messages[0].content[1].type',
  ],
  [
    { messages: [{ role: 'user', content: [{ type: 'input_audio', input_audio: {} }] }] },
    'messages[0].content[0].type',
  ],
  [{ messages: [{ role: 'user', content: [{ type: 'file', file: {} }] }] }, 'messages[0].content[0].type'],
  [{ messages: [{ role: 'assistant' }] }, 'messages[0].content'],
  [{ messages: [{ role: 'assistant', function_call: { name: 'f', arguments: '' } }] }, 'messages[0].function_call'],
  [{ messages: [{ role: 'assistant', audio: { id: 'a' } }] }, 'messages[0].audio'],
  [{ messages: [{ role: 'assistant', tool_calls: {} }] }, 'messages[0].tool_calls'],
  [{ messages: [{ role: 'assistant', tool_calls: [{ ...call, id: 1 }] }] }, 'messages[0].tool_calls[0].id'],
  [{ messages: [{ role: 'assistant', tool_calls: [{ ...call, type: 'custom' }] }] }, 'messages[0].tool_calls[0].type'],
  [
    { messages: [{ role: 'assistant', tool_calls: [{ ...call, function: 'f' }] }] },
    'messages[0].tool_calls[0].function',
  ],
  ...['{', '[]', '5', 'null', {}].map((written): [object, string] => [
    { messages: [{ role: 'assistant', tool_calls: [{ ...call, function: { name: 't', arguments: written } }] }] },
    'messages[0].tool_calls[0].function.arguments',
  ]),
  [{ messages: [{ role: 'tool', content: 'a' }] }, 'messages[0].tool_call_id'],
  [{ messages: [{ role: 'tool', tool_call_id: 'c' }] }, 'messages[0].content'],
  [{ temperature: 'hot' }, 'temperature'],
  [{ temperature: -1 }, 'temperature'],
  [{ temperature: 2.1 }, 'temperature'],
  [{ top_p: 2 }, 'top_p'],
  [{ top_k: 1.5 }, 'top_k'],
  [{ presence_penalty: 3 }, 'presence_penalty'],
  [{ frequency_penalty: '1' }, 'frequency_penalty'],
  [{ logit_bias: [1] }, 'logit_bias'],
  [{ logit_bias: { the: 1 } }, 'logit_bias'],
  [{ logit_bias: { 5: 1e39 } }, 'logit_bias'],
  [{ logit_bias: { 5: null } }, 'logit_bias'],
  [{ seed: 1.5 }, 'seed'],
  [{ seed: 2 ** 60 }, 'seed'],
  [{ stop: '' }, 'stop'],
  [{ stop: [1] }, 'stop'],
  [{ stop: {} }, 'stop'],
  [{ n: 0 }, 'n'],
  [{ n: 1000 }, 'n'],
  [{ n: '2' }, 'n'],
  [{ max_tokens: 0 }, 'max_tokens'],
  [{ max_completion_tokens: -1 }, 'max_completion_tokens'],
  [{ max_tokens: 5, max_completion_tokens: 5 }, 'max_tokens'],
  [{ stream: 'yes' }, 'stream'],
  [{ stream_options: { include_usage: true } }, 'stream_options'],
  [{ stream: true, stream_options: true }, 'stream_options'],
  [{ stream: true, stream_options: { include_usage: 1 } }, 'stream_options.include_usage'],
  [{ logprobs: 5 }, 'logprobs'],
  [{ top_logprobs: 5 }, 'top_logprobs'],
  [{ logprobs: true, top_logprobs: 21 }, 'top_logprobs'],
  [{ response_format: 'json' }, 'response_format'],
  [{ response_format: {} }, 'response_format.type'],
  [{ response_format: { type: 'xml' } }, 'response_format.type'],
  [{ response_format: { type: 'json_schema' } }, 'response_format.json_schema'],
  [{ response_format: { type: 'json_schema', json_schema: {} } }, 'response_format.json_schema.name'],
  [
    { response_format: { type: 'json_schema', json_schema: { name: 'n', schema: [] } } },
    'response_format.json_schema.schema',
  ],
  [{ tools: {} }, 'tools'],
  [{ tools: ['t'] }, 'tools[0]'],
  [{ tools: [{ type: 'custom', custom: { name: 't' } }] }, 'tools[0].type'],
  [{ tools: [{ function: { name: 't' } }] }, 'tools[0].type'],
  [{ tools: [{ type: 'function' }] }, 'tools[0].function'],
  [{ tools: [{ type: 'function', function: {} }] }, 'tools[0].function.name'],
  [{ tools: [{ type: 'function', function: { name: 'a b' } }] }, 'tools[0].function.name'],
  [{ tools: [{ type: 'function', function: { name: 'a'.repeat(65) } }] }, 'tools[0].function.name'],
  [{ tools: [{ type: 'function', function: { name: 't', parameters: 'object' } }] }, 'tools[0].function.parameters'],
  [{ tools: [{ type: 'function', function: { name: 't', description: 5 } }] }, 'tools[0].function.description'],
  [{ tools: [tool, tool] }, 'tools[1]'],
  [{ tool_choice: 'required' }, 'tool_choice'],
  [{ tools: [tool], tool_choice: 'maybe' }, 'tool_choice'],
  [{ tools: [tool], tool_choice: { type: 'custom', custom: { name: 't' } } }, 'tool_choice.type'],
  [{ tools: [tool], tool_choice: { type: 'function' } }, 'tool_choice.function'],
  [{ tools: [tool], tool_choice: { type: 'function', function: { name: 'u' } } }, 'tool_choice.function.name'],
  [{ tools: [tool], tool_choice: { type: 'allowed_tools' } }, 'tool_choice.allowed_tools'],
  [
    { tools: [tool], tool_choice: { type: 'allowed_tools', allowed_tools: { mode: 'auto', tools: [{}] } } },
    'tool_choice.allowed_tools.tools[0].type',
  ],
  [{ parallel_tool_calls: 'no' }, 'parallel_tool_calls'],
  [{ reasoning_effort: 'some' }, 'reasoning_effort'],
  [{ functions: [] }, 'functions'],
  [{ function_call: 'auto' }, 'function_call'],
  [{ audio: { voice: 'alloy' } }, 'audio'],
  [{ modalities: ['text', 'audio'] }, 'modalities'],
  [{ web_search_options: {} }, 'web_search_options'],
  [{ verbosity: 'low' }, 'verbosity'],
  [{ moderation: { model: 'm' } }, 'moderation'],
  [{ temprature: 1 }, 'temprature'],
  [JSON.parse('{"__proto__":{"model":"m"}}') as object, '__proto__'],
  [{ constructor: 1 }, 'constructor'],
];

const completions: [body: object, param: string | null][] = [
  [{ prompt: [] }, 'prompt'],
  [{ prompt: 5 }, 'prompt'],
  [{ prompt: {} }, 'prompt'],
  [{ prompt: [1, 'a'] }, 'prompt'],
  [{ prompt: ['a', 1] }, 'prompt'],
  [{ prompt: [[]] }, 'prompt'],
  [{ prompt: [[1.5]] }, 'prompt'],
  [{ prompt: [-1] }, 'prompt'],
  [{ prompt: 'a', logprobs: true }, 'logprobs'],
  [{ prompt: 'a', echo: true, logprobs: 2 }, 'logprobs'],
  [{ prompt: [1], echo: true, logprobs: 0 }, 'prompt'],
  [{ prompt: 'a', best_of: 2 }, 'best_of'],
  [{ prompt: 'a', suffix: 'b' }, 'suffix'],
  [{ prompt: 'a', echo: 1 }, 'echo'],
  [{ prompt: 'a', messages: [] }, 'messages'],
];

const embeddings: [body: object, param: string | null][] = [
  [{}, 'input'],
  [{ input: '' }, 'input'],
  [{ input: [] }, 'input'],
  [{ input: ['a', ''] }, 'input'],
  [{ input: [1, 2] }, 'input'],
  [{ input: [['a']] }, 'input'],
  [{ input: 'a', encoding_format: 'hex' }, 'encoding_format'],
  [{ input: 'a', dimensions: 2 }, 'dimensions'],
  [{ input: 'a', temperature: 1 }, 'temperature'],
];

/** What is no request at all, and the status. */
const bodies: [body: string | Uint8Array<ArrayBuffer>, status: number][] = [
  ['', 400],
  ['{', 400],
  ['[]', 400],
  ['"model"', 400],
  ['null', 400],
  ['5', 400],
  ['{"model":"m",}', 400],
  ["{'model':'m'}", 400],
  [`{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`, 400],
  [`{"model":"m","messages":${'{"a":'.repeat(200)}1${'}'.repeat(200)}}`, 400],
  [Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d), 400],
  [' '.repeat(2 ** 22 + 1), 413],
];

interface ErrorBody {
  readonly error: {
    readonly message: string;
    readonly type: string;
    readonly param: string | null;
    readonly code: string | null;
  };
}

/** That a response is an error in OpenAI's form. */
async function errorOf(response: Response): Promise<ErrorBody['error']> {
  expect(response.headers.get('content-type')).toBe('application/json');
  const body = (await response.json()) as ErrorBody;
  expect(Object.keys(body)).toEqual(['error']);
  expect(Object.keys(body.error)).toEqual(['message', 'type', 'param', 'code']);
  expect(body.error.message).toMatch(/^.{10,700}[.?]$/s);
  expect(body.error.type).toBe('invalid_request_error');
  return body.error;
}

describe('a bad request', () => {
  it.each([
    ...chats.map(([body, param]) => ['chat/completions', { model: 'm', messages: [user], ...body }, param] as const),
    ...completions.map(([body, param]) => ['completions', { model: 'm', ...body }, param] as const),
    ...embeddings.map(([body, param]) => ['embeddings', { model: 'm', ...body }, param] as const),
  ])('to %s: %j names %s', async (path, body, param) => {
    const response = await handler(post(path, body));
    expect(response.status).toBe(400);
    const error = await errorOf(response);
    expect(error.param).toBe(param);
    expect(error.message).toContain(param?.split(/[.[]/)[0]);
  });

  it.each(['constructor', '__proto__', 'toString', '', 'M'])(
    'for a model %j that is not there is 404',
    async (model) => {
      const response = await handler(post('chat/completions', { model, messages: [user] }));
      expect(response.status).toBe(404);
      expect((await errorOf(response)).code).toBe('model_not_found');
    },
  );

  it.each(bodies.map(([body, status], i) => [i, body.slice(0, 30), status] as const))(
    'that is none (%i): %j is %i',
    async (i, _, status) => {
      const response = await handler(post('chat/completions', '', { body: bodies[i][0] }));
      expect(response.status).toBe(status);
      await errorOf(response);
    },
  );

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'application/jsonp', 'multipart/form-data', ''])(
    'of the type %j is 415',
    async (type) => {
      const headers: Record<string, string> = type === '' ? {} : { 'content-type': type };
      const body = new TextEncoder().encode(JSON.stringify({ model: 'm', messages: [user] }));
      const response = await handler(post('chat/completions', '', { headers, body }));
      expect(response.status).toBe(415);
      await errorOf(response);
    },
  );
});

describe('requests changed at random', () => {
  const good: [path: string, body: object][] = [
    [
      'chat/completions',
      {
        model: 'm',
        messages: [
          { role: 'system', content: 'S' },
          { role: 'user', content: [{ type: 'text', text: 'a' }] },
          { role: 'assistant', content: null, tool_calls: [call] },
          { role: 'tool', tool_call_id: 'c', content: '1' },
        ],
        tools: [tool],
        tool_choice: { type: 'function', function: { name: 't' } },
        response_format: { type: 'json_schema', json_schema: { name: 'n', schema: { type: 'object' }, strict: true } },
        stop: ['X'],
        logit_bias: { 5: 1 },
        logprobs: true,
        top_logprobs: 2,
        n: 2,
        temperature: 1,
        max_tokens: 5,
      },
    ],
    ['chat/completions', { model: 'm', messages: [user], stream: true, stream_options: { include_usage: true } }],
    ['completions', { model: 'm', prompt: ['a', 'b'], echo: true, logprobs: 0, n: 1, best_of: 1, stop: 'X', seed: 1 }],
    ['completions', { model: 'm', prompt: [[1, 2], [3]], max_tokens: 3, top_p: 0.5, presence_penalty: 1 }],
    ['embeddings', { model: 'm', input: ['a', 'b'], encoding_format: 'float' }],
  ];
  const odd = [
    ...[null, true, 0, -1, 1.5, 1e300, '', 'x', '\ud800', '__proto__', [], {}, [[]], [null], { a: 1 }],
    ...['a'.repeat(5000), Array.from({ length: 300 }, (_, i) => i), { role: 'user', content: 'a' }],
  ];

  /** A copy with one value at some depth put elsewhere, left out or replaced. */
  function changed(value: unknown, random: () => number): unknown {
    const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)];
    if (typeof value !== 'object' || value === null || random() < 0.15) return pick(odd);
    if (Array.isArray(value)) {
      const at = Math.floor(random() * value.length);
      if (random() < 0.2) return [...value, pick(odd)];
      return value.map((each, i) => (i === at ? changed(each, random) : each) as unknown);
    }
    const entries = Object.entries(value);
    if (entries.length === 0 || random() < 0.1)
      return { ...value, [pick(['x', '__proto__', 'model', 'content'])]: pick(odd) };
    const [name] = pick(entries);
    if (random() < 0.15) return Object.fromEntries(entries.filter(([each]) => each !== name));
    return Object.fromEntries(entries.map(([each, inner]) => [each, each === name ? changed(inner, random) : inner]));
  }

  it('1,000 of them are answered or refused in their form', async () => {
    const random = seededRandom(19);
    const statuses = new Map<number, number>();
    for (let i = 0; i < 1000; i++) {
      const [path, body] = good[i % good.length];
      const json = JSON.stringify(changed(random() < 0.3 ? changed(body, random) : body, random));
      const cut = random() < 0.1 ? json.slice(0, Math.floor(random() * json.length)) : json;
      const response = await handler(post(path, cut));
      statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1);
      if (response.ok) await response.text();
      else await errorOf(response);
    }
    expect([...statuses.keys()].sort()).toEqual([200, 400, 404]);
    expect(statuses.get(400)).toBeGreaterThan(600);
  });
});
