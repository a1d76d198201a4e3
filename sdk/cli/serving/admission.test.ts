import { request as httpRequest, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { hostCheck, isLoopback } from './host-check.ts';
import { rawRequest } from './testing/raw-request.ts';
import { startedServer } from './testing/started-server.ts';

/** With node:http, which sends the headers Host and Origin that it is given. */
async function ask(url: string, method: string, headers: OutgoingHttpHeaders) {
  const answer = await new Promise<IncomingMessage>((resolve, reject) =>
    httpRequest(url, { method, headers }).on('response', resolve).on('error', reject).end(),
  );
  return { status: answer.statusCode, headers: answer.headers, body: await text(answer) };
}

const ok = async (): Promise<Response> => new Response('ok');

describe('the Host header', () => {
  it.each([
    ['127.0.0.1', '127.0.0.1:8080', true],
    ['127.0.0.1', 'LocalHost:9', true],
    ['127.0.0.1', '[::1]:8080', true],
    ['127.0.0.1', 'rebound.example:8080', false],
    ['127.0.0.1', 'localhost.rebound.example', false],
    ['127.0.0.1', 'someone@localhost', false],
    ['127.0.0.1', '192.0.2.7', false],
    ['127.0.0.1', '', false],
    ['192.0.2.7', '192.0.2.7:8080', true],
    ['192.0.2.7', '192.0.2.8:8080', false],
    ['box.example', 'BOX.example', true],
    ['0.0.0.0', '192.0.2.8:8080', true],
    ['0.0.0.0', '[2001:db8::1]:8080', true],
    ['::', '192.0.2.8:8080', true],
    ['0.0.0.0', 'rebound.example:8080', false],
    ['0.0.0.0', 'proxied.example', true],
  ])('of a server on %s may be %j: %s', (host, header, may) => {
    expect(hostCheck(host, ['Proxied.example'])(header)).toBe(may);
  });

  it('of a page whose name was bound to this machine is refused, whatever it asks for', async () => {
    const { url } = await startedServer(ok);
    for (const path of ['/v1/models', '/health', '/metrics', '/']) {
      const refused = await ask(url + path, 'GET', { host: 'rebound.example:8080' });
      expect(refused.status, path).toBe(403);
      expect(JSON.parse(refused.body).error).toMatchObject({
        message: expect.stringContaining('This server is not called rebound.example:8080.'),
        code: 'host_not_allowed',
      });
    }
    expect((await ask(`${url}/v1/models`, 'GET', { host: 'localhost' })).status).toBe(200);
  });

  it('is there once, and a request is for a path', async () => {
    const { url } = await startedServer(ok);
    const status = async (bytes: string): Promise<number> => (await rawRequest(url, bytes)).status;
    expect(await status('GET /health HTTP/1.1\r\n\r\n')).toBe(400);
    expect(await status('GET /health HTTP/1.0\r\n\r\n')).toBe(400);
    expect(await status('GET /health HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n')).toBe(400);
    expect(await status('GET http://localhost/health HTTP/1.1\r\nHost: localhost\r\n\r\n')).toBe(400);
    expect(await status('GET /v1/models HTTP/1.1\r\nHost: localhost:99999\r\n\r\n')).toBe(400);
    expect(await status('GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n')).toBe(200);
  });
});

it('loopback is what no other machine reaches', () => {
  expect(['localhost', '127.0.0.1', '127.1.2.3', '::1'].map(isLoopback)).toEqual([true, true, true, true]);
  const others = ['0.0.0.0', '::', '10.0.0.1', 'localhost.example', '127.example', '128.0.0.1'];
  expect(others.filter(isLoopback)).toEqual([]);
});

describe('a key', () => {
  it('is wanted for everything but health', async () => {
    const { url } = await startedServer(ok, { keys: ['first-key', 'second-key'] });
    const status = async (path: string, authorization?: string) =>
      (await fetch(url + path, { headers: authorization === undefined ? {} : { authorization } })).status;
    expect(await status('/v1/models', 'Bearer first-key')).toBe(200);
    expect(await status('/v1/models', 'bearer second-key')).toBe(200);
    const wrong = [
      'Bearer third-key',
      'Bearer first-ke',
      'Bearer first-key1',
      'Bearer',
      'Basic first-key',
      'first-key',
    ];
    for (const authorization of wrong) expect(await status('/v1/models', authorization), authorization).toBe(401);
    expect(await status('/metrics')).toBe(401);
    expect(await status('/health')).toBe(200);
  });

  it('that is missing or wrong is told as OpenAI does', async () => {
    const { url } = await startedServer(ok, { keys: ['first-key'] });
    const refused = await fetch(`${url}/v1/chat/completions`, { method: 'POST', body: '{}' });
    expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
    expect(await refused.json()).toEqual({
      error: {
        message: "This server wants a key: send it in the header 'Authorization: Bearer KEY'.",
        type: 'invalid_request_error',
        param: null,
        code: 'invalid_api_key',
      },
    });
  });
});

describe('a page of another origin', () => {
  const cors = (headers: IncomingMessage['headers']) =>
    Object.fromEntries(Object.entries(headers).filter(([name]) => /^(access-control-|vary)/.test(name)));

  it('is refused where nobody said that it may ask', async () => {
    const { url } = await startedServer(ok);
    for (const method of ['GET', 'POST', 'OPTIONS']) {
      const refused = await ask(`${url}/v1/models`, method, { origin: 'https://other.example' });
      expect(refused.status, method).toBe(403);
      expect(cors(refused.headers)).toEqual({});
      expect(JSON.parse(refused.body).error.message).toContain('--cors https://other.example');
    }
  });

  it('is answered where somebody did, and no other is', async () => {
    const { url } = await startedServer(ok, { origins: ['https://one.example', 'https://two.example'] });
    const allowed = await ask(`${url}/v1/models`, 'GET', { origin: 'https://two.example' });
    expect(allowed.status).toBe(200);
    expect(cors(allowed.headers)).toEqual({
      'access-control-allow-origin': 'https://two.example',
      'access-control-expose-headers': 'retry-after',
      vary: 'origin',
    });
    expect((await ask(`${url}/v1/models`, 'GET', { origin: 'https://three.example' })).status).toBe(403);
    expect(cors((await ask(`${url}/v1/models`, 'GET', {})).headers)).toEqual({});
  });

  it('may send what it asks for before, without a key in the question', async () => {
    const { url } = await startedServer(ok, { origins: ['https://one.example'], keys: ['key'] });
    const preflight = await ask(`${url}/v1/chat/completions`, 'OPTIONS', {
      origin: 'https://one.example',
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization,content-type,x-stainless-lang',
    });
    expect(preflight.status).toBe(204);
    expect(cors(preflight.headers)).toMatchObject({
      'access-control-allow-origin': 'https://one.example',
      'access-control-allow-methods': 'GET, POST',
      'access-control-allow-headers': 'authorization,content-type,x-stainless-lang',
    });
    // It comes to hear that its key is wrong, too.
    const refused = await ask(`${url}/v1/models`, 'GET', { origin: 'https://one.example' });
    expect([refused.status, refused.headers['access-control-allow-origin']]).toEqual([401, 'https://one.example']);
  });

  it('is any where all may', async () => {
    const { url } = await startedServer(ok, { origins: ['*'] });
    const allowed = await ask(`${url}/v1/models`, 'GET', { origin: 'null' });
    expect([allowed.status, allowed.headers['access-control-allow-origin']]).toEqual([200, '*']);
  });
});

it('a method that there is not is refused', async () => {
  const { url } = await startedServer(ok);
  const refused = await ask(`${url}/v1/models`, 'DELETE', {});
  expect([refused.status, refused.headers['allow']]).toEqual([405, 'GET, HEAD, POST, OPTIONS']);
  expect((await ask(`${url}/health`, 'HEAD', {})).status).toBe(200);
});
