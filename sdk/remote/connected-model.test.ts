import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { connect } from '../api/connect.ts';
import type { GenerationPart } from '../loaded-model/generation.ts';
import type { RemoteModel } from '../loaded-model/remote-model.ts';
import type { ConnectOptions } from './connect-options.ts';
import {
  type Answer,
  completion,
  eventText,
  type ScriptedServer,
  startScriptedServer,
} from './testing/scripted-server.ts';

const hello = completion(['Hel', 'lo, ', 'Grüße 🦜']);
const apiKey = 'sk-very-secret-key';
const to = (server: ScriptedServer, options: Partial<ConnectOptions> = {}): RemoteModel =>
  connect({ baseURL: server.url, model: 'a/b', ...options });
const partsOf = async (parts: AsyncIterable<GenerationPart>): Promise<string[]> => {
  const texts: string[] = [];
  for await (const { text } of parts) texts.push(text);
  return texts;
};
const failed = (status: number, body: unknown = '', headers = {}): Answer => ({ status, body, headers });
/** A busy server that does not have us wait. */
const busy = failed(429, { error: { message: 'busy' } }, { 'Retry-After': '0' });

describe('generate on a server', () => {
  it('streams, and gives the whole with what the server counted', async () => {
    await using server = await startScriptedServer([{ events: hello }]);
    const generation = to(server).generate('Once');
    expect(await partsOf(generation)).toEqual(['Hel', 'lo, ', 'Grüße 🦜']);
    const { text, tokenIds, finishReason, usage, timings } = await generation;
    expect({ text, tokenIds, finishReason }).toEqual({ text: 'Hello, Grüße 🦜', tokenIds: [], finishReason: 'stop' });
    expect(usage).toEqual({ promptTokens: 7, cachedTokens: 0, generatedTokens: 3 });
    expect(timings.prefillMs).toBeGreaterThan(0);
    expect(server.requests).toHaveLength(1);
  });

  it('gives the same however the bytes come', async () => {
    for (const pieceBytes of [1, 2, 3, 7, 64]) {
      await using server = await startScriptedServer([{ events: hello, pieceBytes }]);
      expect((await to(server).generate('Once')).text).toBe('Hello, Grüße 🦜');
    }
  });

  it('sends nothing before it is awaited or iterated', async () => {
    await using server = await startScriptedServer([{ events: hello }]);
    await using model = to(server);
    expect(model).toMatchObject({ place: 'server', name: 'a/b' });
    const generation = model.generate('Once');
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(server.requests).toEqual([]);
    await generation;
    expect(server.requests).toHaveLength(1);
  });

  it('asks for what was given, in the protocol’s names, and for nothing else', async () => {
    await using server = await startScriptedServer([{ events: hello }]);
    const model = to(server, { apiKey, headers: { 'X-Team': 'birds' } });
    await model.generate('Once');
    await model.generate(Uint32Array.of(1, 2), {
      maxNewTokens: 5,
      minNewTokens: 2,
      temperature: 0,
      topK: 0,
      topP: 0.5,
      minP: 0.1,
      repetitionPenalty: 1.1,
      presencePenalty: 0.2,
      frequencyPenalty: 0.3,
      logitBias: { 5: 1 },
      bannedTokenIds: [6],
      stop: ['\n'],
      stopTokenIds: [9],
      seed: 4,
      logprobs: 2,
      numBeams: 1,
      bannedTexts: [],
    });
    const [plain, full] = server.requests;
    const always = { model: 'a/b', stream: true, stream_options: { include_usage: true } };
    expect(plain.path).toBe('/v1/completions');
    expect(plain.headers).toMatchObject({
      authorization: `Bearer ${apiKey}`,
      'x-team': 'birds',
      'content-type': 'application/json',
    });
    expect(plain.body).toEqual({ ...always, prompt: 'Once', max_tokens: 128 });
    expect(full.body).toEqual({
      ...always,
      prompt: [1, 2],
      max_tokens: 5,
      min_tokens: 2,
      temperature: 0,
      top_k: -1,
      top_p: 0.5,
      min_p: 0.1,
      repetition_penalty: 1.1,
      repeat_penalty: 1.1,
      presence_penalty: 0.2,
      frequency_penalty: 0.3,
      logit_bias: { 5: 1, 6: -100 },
      stop: ['\n'],
      stop_token_ids: [9],
      seed: 4,
      logprobs: 2,
    });
  });

  it.each<[string, object]>([
    ['numBeams', { numBeams: 2 }],
    ['numSequences', { numSequences: 2 }],
    ['noRepeatNgramSize', { noRepeatNgramSize: 3 }],
    ['typicalP', { typicalP: 0.9 }],
    ['adapter', { adapter: 'mine' }],
    ['bannedTexts', { bannedTexts: ['a'] }],
    ['constraint.references', { constraint: { jsonSchema: {}, references: {} } }],
    ['constraint.followedBy', { constraint: { jsonSchema: {}, followedBy: ['x'] } }],
  ])('refuses what it cannot ask for before anything is sent: %s', async (name, options) => {
    await using server = await startScriptedServer([{ events: hello }]);
    await expect(Promise.resolve(to(server).generate('Once', options))).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      message: expect.stringMatching(new RegExp(`^${name} cannot be asked of a server`)),
    });
    await expect(Promise.resolve(to(server).generate({} as never))).rejects.toMatchObject({ code: 'INVALID_OPTION' });
    expect(server.requests).toEqual([]);
  });

  it('asks newer models of OpenAI by the name of the limit that they know, from then on at once', async () => {
    const message =
      "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.";
    await using server = await startScriptedServer(({ body }) =>
      'max_tokens' in body
        ? failed(400, { error: { message, type: 'invalid_request_error', code: 'unsupported_parameter' } })
        : { events: hello },
    );
    const model = to(server);
    for (const requests of [2, 3]) {
      expect((await model.generate('Once', { maxNewTokens: 4 })).text).toBe('Hello, Grüße 🦜');
      expect(server.requests).toHaveLength(requests);
    }
    expect(server.requests[2].body).toMatchObject({ max_completion_tokens: 4 });
  });

  it('reads log-probabilities in either form', async () => {
    const of = (logprobs: object): Answer => ({
      events: [{ choices: [{ index: 0, text: 'a', logprobs, finish_reason: 'stop' }] }],
    });
    await using server = await startScriptedServer([
      of({ tokens: ['a'], token_logprobs: [-0.5], top_logprobs: [{ b: -2, a: -0.5 }] }),
      of({
        content: [{ id: 5, token: 'a', logprob: -0.5, top_logprobs: [{ id: 5, token: 'a', logprob: -0.5 }] }],
      }),
    ]);
    const model = to(server);
    expect((await model.generate('x', { logprobs: 2 })).logprobs).toEqual([
      {
        ...{ tokenId: -1, text: 'a', logprob: -0.5 },
        top: [
          { tokenId: -1, text: 'a', logprob: -0.5 },
          { tokenId: -1, text: 'b', logprob: -2 },
        ],
      },
    ]);
    expect((await model.generate('x', { logprobs: 1 })).logprobs).toEqual([
      { tokenId: 5, text: 'a', logprob: -0.5, top: [{ tokenId: 5, text: 'a', logprob: -0.5 }] },
    ]);
  });

  it('never hands out half of a character, also where the server cuts one', async () => {
    await using server = await startScriptedServer([{ events: completion(['a\ud83e', '\udd9cb\ud83e']) }]);
    expect(await partsOf(to(server).generate('x'))).toEqual(['a', '🦜b', '\ufffd']);
  });
});

describe('a constraint', () => {
  const answering = (text: string) => startScriptedServer([{ events: completion([text]) }]);

  it('is asked for in the words of each server', async () => {
    await using server = await answering('{"a":1}');
    const jsonSchema = { type: 'object' };
    await to(server).generate('x', { constraint: { jsonSchema } });
    expect(server.requests[0].body.response_format).toEqual({
      type: 'json_schema',
      json_schema: { name: 'answer', strict: true, schema: jsonSchema },
    });
    await using chooser = await answering('a.b');
    await to(chooser).generate('x', { constraint: { choices: ['a.b', 'c"'] } });
    expect(chooser.requests[0].body).toMatchObject({
      structured_outputs: { choice: ['a.b', 'c"'] },
      guided_choice: ['a.b', 'c"'],
      regex: '(a\\.b|c")',
      grammar: 'root ::= "a.b" | "c\\""',
    });
    await using digits = await answering('12');
    await to(digits).generate('x', { constraint: { regex: '\\d+' } });
    expect(digits.requests[0].body).toMatchObject({
      structured_outputs: { regex: '\\d+' },
      guided_regex: '\\d+',
      regex: '\\d+',
    });
  });

  it.each<[object]>([[{ jsonSchema: {} }], [{ choices: ['yes', 'no'] }], [{ regex: '\\d+' }]])(
    'that the server overlooked is INTEGRITY, not text of no form: %o',
    async (constraint) => {
      await using server = await answering('yes, I think so');
      await expect(
        Promise.resolve(to(server).generate('x', { constraint: constraint as never })),
      ).rejects.toMatchObject({ code: 'INTEGRITY', message: expect.stringContaining("'yes, I think so'") });
    },
  );

  it.each<[object]>([[{}], [{ choices: [] }], [{ choices: [''] }], [{ regex: 3 }], [{ regex: 'a', choices: ['a'] }]])(
    'that is none is INVALID_OPTION: %o',
    async (constraint) => {
      await using server = await answering('x');
      await expect(
        Promise.resolve(to(server).generate('x', { constraint: constraint as never })),
      ).rejects.toMatchObject({ code: 'INVALID_OPTION', message: expect.stringMatching(/^constraint/) });
      expect(server.requests).toEqual([]);
    },
  );
});

describe('an abort', () => {
  it('ends with what came, and the server hears of it', async () => {
    await using server = await startScriptedServer([{ stallAfter: hello.slice(0, 2) }]);
    const controller = new AbortController();
    const generation = to(server).generate('Once', { signal: controller.signal });
    const texts: string[] = [];
    for await (const { text } of generation) if (texts.push(text) === 2) controller.abort();
    expect(texts).toEqual(['Hel', 'lo, ']);
    expect(await generation).toMatchObject({ text: 'Hello, ', finishReason: 'aborted' });
    await expect.poll(() => server.abandoned).toBe(1);
  });

  it('before the first byte is an ending too; leaving the loop is an abort', async () => {
    await using server = await startScriptedServer(['silence', { stallAfter: hello.slice(0, 1) }]);
    const controller = new AbortController();
    const generation = Promise.resolve(to(server).generate('Once', { signal: controller.signal }));
    await expect.poll(() => server.requests.length).toBe(1);
    controller.abort();
    expect(await generation).toMatchObject({ text: '', finishReason: 'aborted' });
    for await (const _ of to(server).generate('Once')) break;
    await expect.poll(() => server.abandoned).toBe(2);
  });

  it('during the wait for another try is an ending', async () => {
    await using server = await startScriptedServer([failed(503, '', { 'Retry-After': '60' })]);
    const controller = new AbortController();
    const generation = Promise.resolve(to(server).generate('Once', { signal: controller.signal }));
    await expect.poll(() => server.requests.length).toBe(1);
    setTimeout(() => controller.abort(), 50);
    expect((await generation).finishReason).toBe('aborted');
  });

  it('before it began sends nothing', async () => {
    await using server = await startScriptedServer([{ events: hello }]);
    const { finishReason } = await to(server).generate('Once', { signal: AbortSignal.abort() });
    expect(finishReason).toBe('aborted');
    expect(server.requests).toEqual([]);
  });
});

describe('a server in trouble', () => {
  it.each<[string, Answer]>([
    ['is busy', busy],
    ['is broken for now', failed(500, 'Internal', { 'Retry-After': '0' })],
    ['breaks connections', 'reset'],
    ['ends connections without a byte', { raw: '' }],
  ])('that %s is asked again', async (_, trouble) => {
    await using server = await startScriptedServer([trouble, { events: hello }]);
    expect((await to(server).generate('Once')).text).toBe('Hello, Grüße 🦜');
    expect(server.requests).toHaveLength(2);
    expect(server.requests[1].body).toEqual(server.requests[0].body);
  });

  it('is asked as often as told, and then it is NETWORK', async () => {
    await using server = await startScriptedServer([busy]);
    await expect(Promise.resolve(to(server, { attempts: 4 }).generate('Once'))).rejects.toMatchObject({
      code: 'NETWORK',
      message: expect.stringMatching(/does not answer: the server answered 429: "busy" \(after 4 tries\)/),
    });
    expect(server.requests).toHaveLength(4);
  });

  it('that asks to wait for long is not waited for', async () => {
    await using server = await startScriptedServer([failed(429, '', { 'Retry-After': '3600' })]);
    await expect(Promise.resolve(to(server).generate('Once'))).rejects.toMatchObject({
      code: 'NETWORK',
      message: expect.stringContaining('asks to wait 3600 s'),
    });
    expect(server.requests).toHaveLength(1);
  });

  it.each<[string, Answer, RegExp]>([
    ['a cut', { cutAfter: hello.slice(0, 2) }, /broke off/],
    ['an end that is none', { events: hello.slice(0, 2), done: false }, /ended before the answer/],
    ['garbage', { events: [...hello.slice(0, 2), '<html>'] }, /broke off/],
    [
      'an error',
      { events: [...hello.slice(0, 2), { error: { message: 'CUDA error', type: 'InternalServerError', code: 500 } }] },
      /"CUDA error"/,
    ],
    [
      'an error of TGI',
      { events: [...hello.slice(0, 2), { error: 'overloaded', error_type: 'overloaded' }] },
      /"overloaded"/,
    ],
    ['an error of SGLang', { events: [...hello.slice(0, 2), { object: 'error', message: 'oh', code: 500 }] }, /"oh"/],
  ])('after it began to answer is not asked again: %s', async (_, answer, message) => {
    await using server = await startScriptedServer([answer, { events: hello }]);
    const generation = to(server).generate('Once');
    const texts: string[] = [];
    const reading = (async () => {
      for await (const { text } of generation) texts.push(text);
    })();
    await expect(reading).rejects.toMatchObject({ code: 'NETWORK', message: expect.stringMatching(message) });
    await expect(Promise.resolve(generation)).rejects.toMatchObject({ code: 'NETWORK' });
    expect(texts).toEqual(['Hel', 'lo, ']);
    expect(server.requests).toHaveLength(1);
  });

  it('that says nothing for too long counts as cut, before the answer and within it', async () => {
    await using server = await startScriptedServer(['silence', { stallAfter: hello.slice(0, 1) }]);
    for (const [timeoutMs, what] of [
      [80, 'does not answer'],
      // The first byte has to come in time, also on a busy machine.
      [2000, 'broke off'],
    ] as const)
      await expect(Promise.resolve(to(server, { timeoutMs, attempts: 1 }).generate('Once'))).rejects.toMatchObject({
        code: 'NETWORK',
        message: expect.stringMatching(new RegExp(`${what}.*nothing for ${timeoutMs} ms`)),
      });
    await expect.poll(() => server.abandoned).toBe(2);
  });

  it('whose answer has its end but no [DONE] is whole', async () => {
    await using server = await startScriptedServer([{ events: hello, done: false }]);
    expect((await to(server).generate('Once')).text).toBe('Hello, Grüße 🦜');
  });

  it('that keeps the connection alive with comments is waited for', async () => {
    await using server = await startScriptedServer([
      { raw: `: ping\r\n\r\n${eventText(hello)}: ping\n\ndata: [DONE]\n\n` },
    ]);
    expect((await to(server).generate('Once')).text).toBe('Hello, Grüße 🦜');
  });

  it.each([
    ['text/html', '<!doctype html><title>app</title>'],
    ['application/json', '{"choices":[]}'],
  ])('that sends %s in place of a stream is told so', async (type, raw) => {
    await using server = await startScriptedServer([{ raw, type }]);
    await expect(Promise.resolve(to(server).generate('Once'))).rejects.toMatchObject({
      code: 'NETWORK',
      message: expect.stringContaining(`sent ${type} in place of a stream`),
    });
  });

  it('that is not there is NETWORK', async () => {
    const gone = await startScriptedServer([]);
    await gone[Symbol.asyncDispose]();
    await expect(Promise.resolve(to(gone, { attempts: 1 }).generate('Once'))).rejects.toMatchObject({
      code: 'NETWORK',
      message: expect.stringMatching(/does not answer: .*ECONNREFUSED.*CORS/),
    });
  });
});

describe('what a server refuses', () => {
  it.each<[string, Answer, string, RegExp]>([
    [
      'vLLM: model',
      failed(404, { error: { message: 'The model `a/b` does not exist.', type: 'NotFoundError', code: 404 } }),
      'MODEL_NOT_FOUND',
      /no model 'a\/b'.*does not exist.*\/v1\/models/,
    ],
    [
      'OpenAI: model',
      failed(404, { error: { message: 'No such.', code: 'model_not_found' } }),
      'MODEL_NOT_FOUND',
      /No such/,
    ],
    [
      'an address that is none',
      failed(404, { detail: 'Not Found' }),
      'NETWORK',
      /There is no http.*\/v1\/completions \(HTTP status 404: "Not Found"\).*baseURL/,
    ],
    ['a page', failed(404, '<!doctype html>'), 'NETWORK', /HTTP status 404\)/],
    ['a key', failed(401, { error: { message: 'Unauthorized' } }), 'NETWORK', /401: "Unauthorized".*apiKey or headers/],
    [
      'vLLM: length',
      failed(400, { error: { message: "This model's maximum context length is 4096 tokens.", code: 400 } }),
      'CONTEXT_OVERFLOW',
      /4096 tokens.*maxNewTokens/,
    ],
    [
      'SGLang: length',
      failed(400, {
        object: 'error',
        message: "The input (9 tokens) is longer than the model's context length (8 tokens).",
        code: 400,
      }),
      'CONTEXT_OVERFLOW',
      /8 tokens/,
    ],
    [
      'llama.cpp: length',
      failed(400, {
        error: {
          code: 400,
          message: 'request (9 tokens) exceeds the available context size (8 tokens)',
          type: 'exceed_context_size_error',
        },
      }),
      'CONTEXT_OVERFLOW',
      /8 tokens/,
    ],
    [
      'TGI: length',
      failed(422, {
        error: 'Input validation error: `inputs` must have less than 8 tokens. Given: 9',
        error_type: 'validation',
      }),
      'CONTEXT_OVERFLOW',
      /less than 8/,
    ],
    [
      'OpenAI: length',
      failed(400, { error: { message: 'Too long.', code: 'context_length_exceeded' } }),
      'CONTEXT_OVERFLOW',
      /Too long/,
    ],
    [
      'an option',
      failed(400, { error: { message: 'Unrecognized request argument supplied: top_k' } }),
      'INVALID_OPTION',
      /argument supplied: top_k/,
    ],
    [
      'an option, by FastAPI',
      failed(422, { detail: [{ loc: ['body', 'top_k'], msg: 'no' }] }),
      'INVALID_OPTION',
      /top_k/,
    ],
    ['a word', failed(418, 'teapot'), 'NETWORK', /answered 418: "teapot"/],
  ])('is told in its words: %s', async (_, answer, code, message) => {
    await using server = await startScriptedServer([answer]);
    await expect(Promise.resolve(to(server).generate('Once'))).rejects.toMatchObject({
      name: 'GptletError',
      code,
      message: expect.stringMatching(message),
    });
    expect(server.requests).toHaveLength(1);
  });

  it('is quoted in short, and without the key and the headers', async () => {
    const secret = 'team-secret-0123456789';
    const body = { error: { message: `Incorrect API key provided: ${apiKey} (${secret}). ${'x'.repeat(5000)}` } };
    for (const answer of [failed(401, body), failed(400, body), { events: [body] }]) {
      await using server = await startScriptedServer([answer]);
      const model = to(server, { apiKey, headers: [['X-Team', secret]] });
      const error = await model.generate('Once').then(
        () => undefined,
        (thrown: Error) => thrown,
      );
      expect(error?.message).toContain('Incorrect API key provided: … (…)');
      expect(error?.message.length).toBeLessThan(600);
      for (const shown of [
        inspect(error, { depth: 9 }),
        inspect(model, { depth: 9, showHidden: true }),
        JSON.stringify(model),
      ])
        expect(shown).not.toMatch(new RegExp(`${apiKey}|${secret}`));
    }
  });
});

describe('connect', () => {
  const base = { baseURL: 'https://example.org/v1', model: 'x' };

  it.each([
    ['/v1', '/v1/completions'],
    ['/v1/', '/v1/completions'],
    ['', '/v1/completions'],
    ['/', '/v1/completions'],
    ['/team/openai?version=2#x', '/team/openai/completions?version=2'],
  ])('asks under baseURL, %s', async (path, asked) => {
    await using server = await startScriptedServer([{ events: hello }]);
    await connect({ baseURL: new URL(server.url).origin + path, model: 'x' }).generate('Once');
    expect(server.requests[0].path).toBe(asked);
  });

  it.each<[string, object, RegExp]>([
    ['an address that is none', { ...base, baseURL: 'example' }, /^baseURL is 'example'; it must be the http/],
    ['an address of a file', { ...base, baseURL: 'file:///v1' }, /^baseURL is/],
    [
      'a password in the address',
      { ...base, baseURL: 'https://me:hidden@example.org' },
      /^baseURL is an address with a name(?!.*hidden)/,
    ],
    ['no model', { baseURL: base.baseURL }, /^model is undefined/],
    ['a key of two lines', { ...base, apiKey: 'hidden\nkey' }, /^apiKey is not a key(?!.*hidden)/],
    ['a key that is none', { ...base, apiKey: ['hidden'] }, /^apiKey is not a key(?!.*hidden)/],
    [
      'headers that are none',
      { ...base, headers: { 'X-A': 'hidden\n' + 'x: y' } },
      /^headers are no headers(?!.*hidden)/,
    ],
    ['no time', { ...base, timeoutMs: 0 }, /^timeoutMs is 0/],
    ['no tries', { ...base, attempts: 0 }, /^attempts is 0/],
    ['what there is not', { ...base, baseUrl: 'x' }, /did you mean 'baseURL'/],
  ])('refuses %s', (_, options, message) => {
    expect(() => connect(options as never)).toThrow(
      expect.objectContaining({ name: 'GptletError', code: 'INVALID_OPTION', message: expect.stringMatching(message) }),
    );
  });

  it('ends with dispose: what runs ends first, later calls are DISPOSED', async () => {
    await using server = await startScriptedServer([{ events: hello, pieceBytes: 16 }]);
    const model = to(server);
    const running = Promise.resolve(model.generate('Once'));
    await expect.poll(() => server.requests.length).toBe(1);
    await model.dispose();
    expect((await running).finishReason).toBe('stop');
    await expect(Promise.resolve(model.generate('Once'))).rejects.toMatchObject({ code: 'DISPOSED' });
    await expect(Promise.resolve(model.chat([{ role: 'user', content: 'x' }]))).rejects.toMatchObject({
      code: 'DISPOSED',
    });
    expect(server.requests).toHaveLength(1);
  });
});
