import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { describe, expect, it, vi } from 'vitest';
import { RequestServer } from './request-server.ts';
import { rawConnection, rawRequest } from './testing/raw-request.ts';
import { scriptedHandler } from './testing/scripted-handler.ts';
import { startedServer } from './testing/started-server.ts';

const post = (url: string, body: BodyInit, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${url}/v1/completions`, { method: 'POST', body, headers });

describe('a request', () => {
  it('reaches the handler whole, and its answer comes back whole', async () => {
    const { url } = await startedServer(async (request) => {
      const sent = { method: request.method, url: request.url, own: request.headers.get('x-own') };
      return Response.json({ ...sent, body: await request.text() }, { status: 201, headers: { 'x-answer': 'yes' } });
    });
    const response = await post(url, 'Grüße, 東京', { 'x-own': 'mine' });
    expect(response.status).toBe(201);
    expect(response.headers.get('x-answer')).toBe('yes');
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
    const sent = { method: 'POST', url: `${url}/v1/completions`, own: 'mine' };
    expect(await response.json()).toEqual({ ...sent, body: 'Grüße, 東京' });
    const get = await fetch(`${url}/v1/models?a=%20b`);
    expect(await get.json()).toMatchObject({ method: 'GET', url: `${url}/v1/models?a=%20b`, body: '' });
  });

  it('is answered as the answer comes', async () => {
    let go = (): void => {};
    const { url } = await startedServer(async () => {
      const encoder = new TextEncoder();
      let controller: ReadableStreamDefaultController | undefined;
      go = () => controller?.close();
      return new Response(
        new ReadableStream({
          start(made) {
            controller = made;
            made.enqueue(encoder.encode('first'));
          },
        }),
      );
    });
    const reader = (await post(url, '')).body!.getReader();
    expect(new TextDecoder().decode((await reader.read()).value)).toBe('first');
    go();
    expect((await reader.read()).done).toBe(true);
  });

  it('is ended, with its body cancelled, when its client goes, before the answer and within it', async () => {
    const signals: AbortSignal[] = [];
    const cancelled = vi.fn();
    const { url } = await startedServer(async (request) => {
      signals.push(request.signal);
      if (signals.length === 1) await once(request.signal, 'abort');
      return new Response(new ReadableStream({ start: (made) => made.enqueue(new Uint8Array(1)), cancel: cancelled }));
    });
    const stop = new AbortController();
    const early = fetch(`${url}/v1/completions`, { method: 'POST', body: '', signal: stop.signal });
    await expect.poll(() => signals.length).toBe(1);
    stop.abort();
    await expect(early).rejects.toThrow('aborted');
    const late = await post(url, '');
    await late.body!.cancel();
    await expect.poll(() => signals.map(({ aborted }) => aborted)).toEqual([true, true]);
    await expect.poll(() => cancelled.mock.calls.length).toBe(2);
  });

  it('is answered no faster than its client reads, and ended when that reads nothing for half a minute', async () => {
    let pulls = 0;
    const cancelled = vi.fn();
    const { url } = await startedServer(
      async () =>
        new Response(
          new ReadableStream({
            pull(controller) {
              pulls++;
              controller.enqueue(new Uint8Array(2 ** 16));
            },
            cancel: cancelled,
          }),
        ),
    );
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const client = httpRequest(`${url}/v1/completions`, { method: 'POST' }).end();
    const [answer] = (await once(client, 'response')) as [IncomingMessage];
    answer.pause();
    // Until the system's own buffers are full.
    let before = -1;
    await vi.waitFor(() => {
      const now = pulls;
      const still = now === before;
      before = now;
      expect(still).toBe(true);
    });
    expect(cancelled).not.toHaveBeenCalled();
    vi.advanceTimersByTime(30_000);
    vi.useRealTimers();
    await expect.poll(() => cancelled.mock.calls.length).toBe(1);
    client.destroy();
  });

  it('that the handler fails is answered with 500 and no word of why, and the server goes on', async () => {
    const log = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    let calls = 0;
    const { url } = await startedServer(async () => {
      if (calls++ === 0) throw new Error('secret');
      return new Response(new ReadableStream({ pull: (controller) => controller.error(new Error('in the middle')) }));
    });
    const response = await post(url, '');
    expect(response.status).toBe(500);
    expect(JSON.stringify(await response.json())).toMatch(/^\{"error":\{"message":"The server failed; its log/);
    await expect(post(url, '').then((answer) => answer.text())).rejects.toThrow();
    expect(log.mock.calls.join('')).toMatch(/secret[\s\S]*in the middle/);
    log.mockRestore();
    expect((await fetch(`${url}/health`)).status).toBe(200);
  });

  it('with more bytes than may be is answered with 413, whether it says so before or not', async () => {
    const handler = vi.fn(async () => new Response('ok'));
    const { url } = await startedServer(handler, { maxBodyBytes: 1000 });
    expect((await post(url, 'x'.repeat(1000))).status).toBe(200);
    const refused = await post(url, 'x'.repeat(1001));
    expect(refused.status).toBe(413);
    expect((await refused.json()).error.message).toContain('more than 1000 bytes');
    const chunk = `400\r\n${'x'.repeat(1024)}\r\n`;
    const head = 'POST /v1/completions HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n';
    expect((await rawRequest(url, `${head}${chunk}`)).status).toBe(413);
    expect(handler).toHaveBeenCalledTimes(1);
  });
});

describe('a full queue', () => {
  it('answers 429 and says when to come back', async () => {
    let go = (): void => {};
    const gate = new Promise<void>((resolve) => (go = resolve));
    const { url } = await startedServer(() => gate.then(() => new Response('ok')), { maxQueue: 1 });
    const running = post(url, '');
    const waiting = post(url, '');
    await expect.poll(async () => (await fetch(`${url}/metrics`)).text()).toContain('gptlet_queue_length 1\n');
    const refused = await post(url, '');
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    // What needs no model needs no turn.
    expect((await fetch(`${url}/health`)).status).toBe(200);
    go();
    expect([(await running).status, (await waiting).status]).toEqual([200, 200]);
  });
});

describe('health and metrics', () => {
  it('tell that the models are loading, and that they are there', async () => {
    const { server, url } = await startedServer();
    const loading = await fetch(`${url}/health`);
    expect([loading.status, await loading.json()]).toEqual([503, { status: 'loading' }]);
    const refused = await post(url, '');
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '5']);
    server.open(async () => new Response('ok'));
    const ready = await fetch(`${url}/health`);
    expect([ready.status, await ready.json()]).toEqual([200, { status: 'ok' }]);
    expect((await post(url, '')).status).toBe(200);
  });

  it('count requests by route and status, seconds and tokens', async () => {
    const { server, url } = await startedServer(async () => new Response('ok'));
    await post(url, '');
    await post(url, '');
    await fetch(`${url}/v1/models/one`);
    await fetch(`${url}/favicon.ico`);
    server.metrics.used('a "small" one', { promptTokens: 3, cachedTokens: 0, generatedTokens: 20 });
    server.metrics.used('a "small" one', { promptTokens: 4, cachedTokens: 1, generatedTokens: 22 });
    const page = await fetch(`${url}/metrics`);
    expect(page.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    const text = await page.text();
    for (const line of [
      'gptlet_requests_total{route="/v1/completions",status="200"} 2',
      'gptlet_requests_total{route="/v1/models",status="200"} 1',
      'gptlet_requests_total{route="other",status="200"} 1',
      'gptlet_request_seconds_count{route="/v1/completions"} 2',
      'gptlet_turn_seconds_count 2',
      'gptlet_queue_length 0',
      'gptlet_prompt_tokens_total{model="a \\"small\\" one"} 7',
      'gptlet_cached_tokens_total{model="a \\"small\\" one"} 1',
      'gptlet_generated_tokens_total{model="a \\"small\\" one"} 42',
    ])
      expect(text.split('\n')).toContain(line);
    const [, seconds] = /gptlet_request_seconds_sum\{route="\/v1\/completions"\} (\S+)/.exec(text) ?? [];
    expect(Number(seconds)).toBeGreaterThan(0);
    // Every line is a comment or a number behind a name and its labels.
    expect(text.replace(/^(#.*|\w+(\{(\w+="([^"\\]|\\.)*",?)+\})? [\d.e+-]+)\n/gm, '')).toBe('');
  });
});

describe('an end', () => {
  it('lets those finish who have asked, takes no one new, and waits for nobody else', async () => {
    const { handler, aborted } = scriptedHandler();
    const { server, url } = await startedServer(handler);
    const text = 'all that there is to say in one answer';
    const body = JSON.stringify({ text: `${text} `.repeat(50) });
    const first = rawConnection(url);
    let answers = '';
    first.on('data', (chunk: Buffer) => {
      answers += chunk.toString();
    });
    first.write(`POST /v1/completions HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
    await expect.poll(() => answers).toContain(' 200 OK');
    const waiting = post(url, JSON.stringify({ text: `${text} `.repeat(200) })).then((response) => response.text());
    await expect.poll(async () => (await fetch(`${url}/metrics`)).text()).toContain('gptlet_queue_length 1\n');
    const others = [rawConnection(url), rawConnection(url)];
    for (const other of others) other.on('error', () => {});
    others[0].write('POST /v1/completions HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n');
    await once(others[1], 'connect');
    const drained = server.drain();
    await expect(fetch(`${url}/health`)).rejects.toThrow();
    // A connection whose answer had begun hears that there will not be another.
    await expect.poll(() => answers).toMatch(/\r\n0\r\n\r\n$/);
    first.write('POST /v1/completions HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}');
    await once(first, 'close');
    expect(answers).toMatch(/HTTP\/1\.1 503 [\s\S]*connection: close[\s\S]*about to stop/i);
    expect(await waiting).toBe(`${text} `.repeat(200));
    await drained;
    expect(aborted).toEqual([]);
  });
});

it('an address that is taken, or is not this machine’s, is an error that says what to do', async () => {
  const { url } = await startedServer();
  const port = Number(new URL(url).port);
  const options = { hostNames: [], keys: [], origins: [], maxBodyBytes: 1, maxQueue: 1 };
  const listen = (host: string): Promise<string> => new RequestServer({ ...options, host, port }).listen();
  await expect(listen('127.0.0.1')).rejects.toMatchObject({
    code: 'INVALID_OPTION',
    message: `Port ${port} of 127.0.0.1 is in use; choose another with --port, or 0 for any that is free.`,
  });
  await expect(listen('192.0.2.1')).rejects.toMatchObject({
    code: 'INVALID_OPTION',
    message: '192.0.2.1 is no address of this machine; choose another with --host.',
  });
});
