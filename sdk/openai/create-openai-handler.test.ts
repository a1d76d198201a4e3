import { describe, expect, it, vi } from 'vitest';
import { GptletError, type GptletErrorCode } from '../errors/gptlet-error.ts';
import { createOpenAIHandler } from './create-openai-handler.ts';
import { eventsOf, post } from './testing/requests.ts';
import { scriptedModel } from './testing/scripted-model.ts';

const hello = { model: 'm', messages: [{ role: 'user', content: 'Hello!' }] };
const get = (path: string): Request => new Request(`http://localhost/v1/${path}`);

describe('what it is made with', () => {
  it.each<[unknown, RegExp]>([
    [{}, /models is undefined/],
    [{ models: [] }, /models is \[\]; it must be an object of models by name/],
    [{ models: { m: 'gpt2' } }, /models\['m'\] is 'gpt2'; it must be a model, or a function that loads one/],
    [{ models: {}, maxBodyBytes: 0 }, /maxBodyBytes is 0/],
    [{ models: {}, port: 80 }, /no option 'port'/],
  ])('%j is refused', (options, message) => {
    expect(() => createOpenAIHandler(options as never)).toThrow(message);
  });
});

describe('models', () => {
  const handler = createOpenAIHandler({
    models: { m: scriptedModel(() => ({})), 'owner/name': scriptedModel(() => ({})) },
  });

  it('are listed', async () => {
    const response = await handler(get('models'));
    expect(response.headers.get('content-type')).toBe('application/json');
    const created = expect.closeTo(Date.now() / 1000, -1) as number;
    expect(await response.json()).toEqual({
      object: 'list',
      data: ['m', 'owner/name'].map((id) => ({ id, object: 'model', created, owned_by: 'gptlet' })),
    });
  });

  it.each(['owner%2Fname', 'owner/name'])('are found by name: %s', async (path) => {
    expect(await (await handler(get(`models/${path}`))).json()).toMatchObject({ id: 'owner/name', object: 'model' });
  });

  it.each(['x', 'constructor', '__proto__', '%', '%2e%2e%2fm'])('that are not there are 404: %s', async (name) => {
    const response = await handler(get(`models/${name}`));
    expect(response.status).toBe(404);
    const { error } = (await response.json()) as { error: object };
    expect(error).toMatchObject({ type: 'invalid_request_error', param: 'model', code: 'model_not_found' });
  });

  it('load with the first request, once', async () => {
    const load = vi.fn(async () => scriptedModel(() => ({})));
    const lazy = createOpenAIHandler({ models: { m: load } });
    await lazy(get('models'));
    expect(load).not.toHaveBeenCalled();
    const statuses = await Promise.all([1, 2, 3].map(async () => (await lazy(post('chat/completions', hello))).status));
    expect(statuses).toEqual([200, 200, 200]);
    expect(load).toHaveBeenCalledTimes(1);
  });

  it('that do not load are tried again', async () => {
    const model = scriptedModel(() => ({}));
    const load = vi.fn(async () => model);
    load.mockRejectedValueOnce(new GptletError('NETWORK', 'The hub cannot be reached.'));
    const lazy = createOpenAIHandler({ models: { m: load } });
    const failed = await lazy(post('chat/completions', hello));
    expect(failed.status).toBe(503);
    expect(await failed.json()).toEqual({
      error: {
        message: "The model 'm' could not be loaded: The hub cannot be reached.",
        type: 'server_error',
        param: 'model',
        code: 'model_not_loaded',
      },
    });
    expect((await lazy(post('chat/completions', hello))).status).toBe(200);
  });
});

describe('paths and methods', () => {
  const handler = createOpenAIHandler({ models: { m: scriptedModel(() => ({})) } });
  const send = (url: string, method = 'GET'): Promise<Response> => handler(new Request(`http://h${url}`, { method }));

  it('may stand under any base', async () => {
    expect((await send('/api/openai/v1/models')).status).toBe(200);
    expect((await send('/v1/models?limit=3')).status).toBe(200);
  });

  it.each([
    '/',
    '/v1',
    '/v1/',
    '/v2/models',
    '/v1/files',
    '/v1/completions/x',
    '/v1/models/',
    '/models',
    '/v1//models',
  ])('GET %s is 404', async (url) => {
    const response = await send(url);
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ error: { code: 'unknown_url', type: 'invalid_request_error' } });
  });

  it.each([
    ['/v1/models', 'POST', 'GET'],
    ['/v1/models/m', 'DELETE', 'GET'],
    ['/v1/chat/completions', 'GET', 'POST'],
    ['/v1/completions', 'PUT', 'POST'],
    ['/v1/embeddings', 'OPTIONS', 'POST'],
  ])('%s by %s is 405', async (url, method, allowed) => {
    const response = await send(url, method);
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe(allowed);
    expect(await response.json()).toMatchObject({ error: { code: 'method_not_supported' } });
  });
});

describe('bodies', () => {
  const handler = createOpenAIHandler({ models: { m: scriptedModel(() => ({})) }, maxBodyBytes: 1000 });
  const padded = (length: number): string => {
    const json = JSON.stringify(hello);
    return json + ' '.repeat(length - json.length);
  };

  it('may be as large as told, and no larger', async () => {
    expect((await handler(post('chat/completions', padded(1000)))).status).toBe(200);
    const response = await handler(post('chat/completions', padded(1001)));
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ error: { code: 'request_too_large' } });
  });

  it('that say how large they are, are not read', async () => {
    const headers = { 'content-type': 'application/json', 'content-length': '1001' };
    const request = post('chat/completions', hello, { headers });
    expect((await handler(request)).status).toBe(413);
    expect(request.bodyUsed).toBe(false);
  });

  it('that do not end are left', async () => {
    const cancelled = vi.fn();
    const endless = new ReadableStream({
      pull: (controller) => controller.enqueue(new Uint8Array(400).fill(32)),
      cancel: cancelled,
    });
    const request = post('chat/completions', '', { body: endless, duplex: 'half' } as RequestInit);
    expect((await handler(request)).status).toBe(413);
    expect(cancelled).toHaveBeenCalled();
  });

  it('come in pieces, cut within a character', async () => {
    const model = scriptedModel(() => ({}));
    const bytes = new TextEncoder().encode(
      JSON.stringify({ ...hello, messages: [{ role: 'user', content: 'Grüße' }] }),
    );
    const pieces = new ReadableStream({
      start(controller) {
        for (let i = 0; i < bytes.length; i += 3) controller.enqueue(bytes.slice(i, i + 3));
        controller.close();
      },
    });
    const request = post('chat/completions', '', { body: pieces, duplex: 'half' } as RequestInit);
    expect((await createOpenAIHandler({ models: { m: model } })(request)).status).toBe(200);
    expect(model.asked[0].messages).toEqual([{ role: 'user', content: 'Grüße' }]);
  });
});

describe("a model's errors", () => {
  it.each<[GptletErrorCode, number, string]>([
    ['INVALID_OPTION', 400, 'invalid_value'],
    ['CONTEXT_OVERFLOW', 400, 'context_length_exceeded'],
    ['BAD_TOKENIZER', 400, 'invalid_value'],
    ['BAD_CHECKPOINT', 400, 'invalid_value'],
    ['UNSUPPORTED_MODEL', 400, 'invalid_value'],
    ['DISPOSED', 503, 'disposed'],
    ['DEVICE_LOST', 503, 'device_lost'],
    ['WORKER_FAILED', 503, 'worker_failed'],
    ['OUT_OF_MEMORY', 503, 'out_of_memory'],
  ])('%s is %i, whole or streamed', async (code, status, told) => {
    const model = scriptedModel(() => ({ parts: [], error: new GptletError(code, 'So it is.') }));
    const handler = createOpenAIHandler({ models: { m: model } });
    for (const stream of [false, true]) {
      const response = await handler(post('chat/completions', { ...hello, stream }));
      expect(response.status).toBe(status);
      const type = status < 500 ? 'invalid_request_error' : 'server_error';
      expect(await response.json()).toEqual({ error: { message: 'So it is.', type, param: null, code: told } });
    }
  });

  it('that nobody foresaw are 500', async () => {
    const handler = createOpenAIHandler({ models: { m: scriptedModel(() => ({ error: new TypeError('oops') })) } });
    const response = await handler(post('chat/completions', hello));
    expect(response.status).toBe(500);
    expect(await response.json()).toMatchObject({ error: { message: 'oops', type: 'server_error' } });
  });

  it('amid a stream are its last event', async () => {
    const error = new GptletError('DEVICE_LOST', 'The device was lost.');
    const handler = createOpenAIHandler({ models: { m: scriptedModel(() => ({ error })) } });
    const response = await handler(post('chat/completions', { ...hello, stream: true }));
    expect(response.status).toBe(200);
    const { events, done } = await eventsOf(response);
    expect(done).toBe(false);
    expect(events.at(-1)).toMatchObject({ error: { message: 'The device was lost.', code: 'device_lost' } });
  });
});

describe('whoever goes away', () => {
  /** A model that says a part, and then the next one only when it is let. */
  const slow = () => {
    let go = (): void => {};
    const wait = (): Promise<void> => new Promise((resolve) => (go = resolve));
    const model = scriptedModel(() => ({ parts: [{ text: 'a' }, { text: 'b' }, { text: 'c' }], wait }));
    return { model, go: () => go(), handler: createOpenAIHandler({ models: { m: model } }) };
  };

  it('ends an answer by the signal of the request; the handler rejects with its reason, as fetch does', async () => {
    const { model, go, handler } = slow();
    const stop = new AbortController();
    const answer = handler(post('chat/completions', hello, { signal: stop.signal }));
    await expect.poll(() => model.asked.length).toBe(1);
    stop.abort();
    go();
    await expect(answer).rejects.toMatchObject({ name: 'AbortError' });
    expect(model.ended).toEqual(['aborted']);
  });

  it('ends a stream by the signal of the request', async () => {
    const { model, go, handler } = slow();
    const stop = new AbortController();
    const response = await handler(post('chat/completions', { ...hello, stream: true }, { signal: stop.signal }));
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    expect((await reader.read()).done).toBe(false);
    stop.abort();
    go();
    const toItsEnd = async (): Promise<void> => {
      while (!(await reader.read()).done);
    };
    await expect(toItsEnd()).rejects.toMatchObject({ name: 'AbortError' });
    expect(model.ended).toEqual(['aborted']);
  });

  it('ends a stream by cancelling the body of the response', async () => {
    const { model, go, handler } = slow();
    const response = await handler(post('chat/completions', { ...hello, stream: true }));
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    await reader.read();
    await reader.cancel();
    go();
    await expect.poll(() => model.ended).toEqual(['aborted']);
    expect(model.asked[0].options.signal?.aborted).toBe(true);
  });

  it('before the model was asked asks nothing', async () => {
    const { model, handler } = slow();
    const signal = AbortSignal.abort();
    await expect(handler(post('chat/completions', hello, { signal }))).rejects.toMatchObject({ name: 'AbortError' });
    expect(model.ended).toEqual([]);
  });
});
