import { describe, expect, it, vi } from 'vitest';
import { openCheckpoint } from '../testing/open-checkpoint.ts';
import { largerFiles as checkpointOf } from '../weight-cache/testing/larger-files.ts';
import { collectTensors } from './testing/collect-tensors.ts';
import { type Fault, startFaultyServer } from './testing/faulty-server.ts';
import { tinyFiles } from './testing/tiny-checkpoint.ts';

vi.spyOn(console, 'warn').mockReturnValue();

const access = { retryDelayMs: 1, idleMs: 200, attempts: 4 };

/** Weights of 700 kB, so that they do not fit into what the first request asks for. */
const largerFiles = () => checkpointOf(40_000);

const isWeights = (path: string): boolean => path.endsWith('/model.safetensors');

describe('a checkpoint on a server', () => {
  it.each<[string, Fault]>([
    ['cuts every answer early', { kind: 'cut', after: 100_000 }],
    ['cuts every answer within the header', { kind: 'cut', after: 7_001 }],
    ['knows no ranges', { kind: 'no-range' }],
    ['knows no ranges and tells no length', { kind: 'chunked' }],
    ['sends less than there is', { kind: 'short', bytes: 90_001 }],
    ['goes silent in the middle', { kind: 'stall', after: 200_000 }],
    ['drips', { kind: 'drip' }],
    ['redirects', { kind: 'redirect' }],
  ])('loads whole and right from one that %s', async (_, fault) => {
    const files = largerFiles();
    const expected = await collectTensors(await openCheckpoint(files));
    await using server = await startFaultyServer(files, ({ path }) => (isWeights(path) ? fault : undefined));
    const checkpoint = await openCheckpoint(server.url, { access });
    expect(await collectTensors(checkpoint)).toEqual(expected);
  });

  it('tries again after 500, 503 and 429, waiting as long as Retry-After says', async () => {
    const answers: Fault[] = [500, 503].map((status) => ({ kind: 'status', status }));
    answers.push({ kind: 'status', status: 429, headers: { 'Retry-After': '1' } });
    await using server = await startFaultyServer(tinyFiles(), () => answers.shift());
    const start = performance.now();
    await openCheckpoint(server.url, { access });
    expect(performance.now() - start).toBeGreaterThan(700);
  });

  it.each<[number, string, RegExp]>([
    [500, 'NETWORK', /answered 500 \(after 4 tries\)/],
    [403, 'NETWORK', /HTTP status 403.*hub\.token/],
    [401, 'NETWORK', /HTTP status 401.*gated/],
    [418, 'NETWORK', /HTTP status 418/],
    [404, 'MODEL_NOT_FOUND', /\/model\/config\.json/],
  ])('turns status %i into %s', async (status, code, message) => {
    await using server = await startFaultyServer(tinyFiles(), () => ({ kind: 'status', status }));
    await expect(openCheckpoint(server.url, { access })).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
  });

  it('does not wait for a server that asks for an hour', async () => {
    await using server = await startFaultyServer(tinyFiles(), () => ({
      kind: 'status',
      status: 429,
      headers: { 'Retry-After': '3600' },
    }));
    await expect(openCheckpoint(server.url, { access })).rejects.toMatchObject({
      code: 'NETWORK',
      message: expect.stringContaining('3600 s'),
    });
  });

  it('says that nothing listens there', async () => {
    const server = await startFaultyServer({});
    await server[Symbol.asyncDispose]();
    await expect(openCheckpoint(server.url, { access })).rejects.toMatchObject({
      code: 'NETWORK',
      message: expect.stringContaining('ECONNREFUSED'),
    });
  });

  it('notices an HTML page in a file\u2019s place: missing where optional, said where not', async () => {
    const files = tinyFiles();
    await using fallback = await startFaultyServer(files, ({ path }) =>
      files[path.split('/').at(-1)!] ? undefined : { kind: 'html' },
    );
    expect((await openCheckpoint(fallback.url, { access })).tokenizerFiles).toEqual({});
    await using always = await startFaultyServer(files, () => ({ kind: 'html' }));
    await expect(openCheckpoint(always.url, { access })).rejects.toMatchObject({
      code: 'MODEL_NOT_FOUND',
      message: expect.stringContaining('HTML page'),
    });
    await using noWeights = await startFaultyServer(files, ({ path }) =>
      isWeights(path) ? { kind: 'html' } : undefined,
    );
    await expect(openCheckpoint(noWeights.url, { access })).rejects.toMatchObject({
      code: 'MODEL_NOT_FOUND',
      message: expect.stringContaining('HTML page'),
    });
  });

  it('notices that the file changed on the server in the middle of a load', async () => {
    await using server = await startFaultyServer(largerFiles());
    const checkpoint = await openCheckpoint(server.url, { access });
    server.etag = '"second"';
    await expect(collectTensors(checkpoint)).rejects.toMatchObject({
      code: 'INTEGRITY',
      message: expect.stringMatching(/"second".*"first"/),
    });
  });

  it('stops with an AbortError while it waits, while it downloads, and closes the connection', async () => {
    await using failing = await startFaultyServer(tinyFiles(), () => ({
      kind: 'status',
      status: 503,
      headers: { 'Retry-After': '60' },
    }));
    await expect(openCheckpoint(failing.url, { access, signal: AbortSignal.timeout(30) })).rejects.toMatchObject({
      name: 'TimeoutError',
    });
    await using silent = await startFaultyServer(largerFiles(), ({ range }) =>
      range?.startsWith('bytes=0-') ? undefined : { kind: 'stall', after: 10 },
    );
    const abort = new AbortController();
    const checkpoint = await openCheckpoint(silent.url, { access: { ...access, idleMs: 60_000 } });
    setTimeout(() => abort.abort(), 50);
    await expect(collectTensors(checkpoint, abort.signal)).rejects.toMatchObject({ name: 'AbortError' });
  });
});

describe('a hub', () => {
  it('is asked for owner/name at a revision, with the token at its own origin only', async () => {
    const files = tinyFiles();
    await using elsewhere = await startFaultyServer(files);
    await using hub = await startFaultyServer(files, ({ path }) =>
      // Large files lie on another origin, as on the real hub.
      isWeights(path)
        ? { kind: 'status', status: 302, headers: { Location: new URL('model.safetensors', elsewhere.url).href } }
        : undefined,
    );
    const options = { access, hub: { endpoint: new URL('/hub', hub.url).href, token: 'hf_secret' } };
    const checkpoint = await openCheckpoint('owner/name@refs/pr/1', options);
    expect((await collectTensors(checkpoint)).size).toBe(28);
    expect(hub.requests.map(({ path }) => path)).toContain('/hub/owner/name/resolve/refs%2Fpr%2F1/config.json');
    expect(new Set(hub.requests.map(({ authorization }) => authorization))).toEqual(new Set(['Bearer hf_secret']));
    expect(elsewhere.requests.map(({ authorization }) => authorization)).toEqual([undefined]);
    const given = {
      'config.json': new URL('config.json', elsewhere.url),
      'model.safetensors': new URL('model.safetensors', elsewhere.url),
    };
    await openCheckpoint(given, options);
    await openCheckpoint(elsewhere.url, options);
    expect(new Set(elsewhere.requests.map(({ authorization }) => authorization))).toEqual(new Set([undefined]));
  });

  it('never shows the token in an error', async () => {
    await using hub = await startFaultyServer({}, () => ({ kind: 'status', status: 403 }));
    const error = await openCheckpoint('owner/name', {
      access,
      hub: { endpoint: hub.url.href, token: 'hf_secret' },
    }).catch((reason: Error) => reason);
    expect(error).toMatchObject({ code: 'NETWORK', message: expect.stringContaining('does not open it') });
    const strange = await openCheckpoint('owner/name', {
      access,
      hub: { endpoint: hub.url.href, token: 'hf secret' },
    }).catch((reason: Error) => reason);
    expect(strange).toMatchObject({ code: 'INVALID_OPTION' });
    expect(String(error) + String(strange)).not.toMatch(/hf.secret/);
  });

  it('refuses an endpoint that is no address', async () => {
    await expect(openCheckpoint('owner/name', { hub: { endpoint: 'nowhere' } })).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      message: expect.stringContaining("'nowhere'"),
    });
  });
});
