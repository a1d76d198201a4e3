import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, vi } from 'vitest';
import { openCheckpointAt } from '../loading/open-checkpoint-at.ts';
import { ownSurroundings } from '../loading/own-surroundings.ts';
import { openCheckpoint } from '../testing/open-checkpoint.ts';
import { memoryCache } from '../weight-cache/testing/memory-cache.ts';
import { collectTensors } from './testing/collect-tensors.ts';
import { type Fault, startFaultyServer } from './testing/faulty-server.ts';
import { headerFor, safetensors, tinyFiles, tinyShapes } from './testing/tiny-checkpoint.ts';

vi.spyOn(console, 'warn').mockReturnValue();

const access = { retryDelayMs: 1, idleMs: 200, attempts: 2 };
const nameIn = (path: string): string => path.split('/').at(-1)!;
const fixture = (name: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(readFileSync(fileURLToPath(new URL(`../../fixtures/gpt2-tiny/${name}`, import.meta.url))));
const html: Fault = { kind: 'html' };

/** A server that answers `fault` for whatever it does not have, and for the files called `refused`. */
const hostOf = (files: Record<string, Uint8Array>, fault: Fault, ...refused: string[]) =>
  startFaultyServer(files, ({ path }) => {
    const name = nameIn(path);
    return name in files && !refused.includes(name) ? undefined : fault;
  });

/** What a host answers, and how a message says so. */
const answers: [name: string, fault: Fault, said: string][] = [
  ['answers 403', { kind: 'status', status: 403 }, 'HTTP status 403'],
  ['answers 401', { kind: 'status', status: 401 }, 'HTTP status 401'],
  ['sends an HTML page', html, 'the server sent an HTML page in its place'],
];

describe.each(answers)('a host that %s for what is not there', (_, fault, said) => {
  it('opens a checkpoint without tokenizer, and says so', async () => {
    await using server = await hostOf(tinyFiles(), fault);
    const warnings: string[] = [];
    const surroundings = { ...ownSurroundings(), warn: (message: string) => void warnings.push(message) };
    const checkpoint = await openCheckpointAt(server.url, { access }, surroundings);
    expect(checkpoint.tokenizerFiles).toEqual({});
    expect(await collectTensors(checkpoint)).toEqual(await collectTensors(await openCheckpoint(tinyFiles())));
    expect(warnings).toEqual([
      `gptlet: the model takes token ids, no text: there is no ${server.url}tokenizer.json (${said}).`,
    ]);
  });

  it('opens one with the older tokenizer files, and one with torch\u2019s weights', async () => {
    const files = { ...tinyFiles(), 'vocab.json': fixture('vocab.json'), 'merges.txt': fixture('merges.txt') };
    await using server = await hostOf(files, fault);
    const { tokenizerFiles } = await openCheckpoint(server.url, { access });
    expect(Object.keys(tokenizerFiles).sort()).toEqual(['merges.txt', 'vocab.json']);
    const torch = fileURLToPath(new URL('./testing/pytorch/tied/', import.meta.url));
    const read = (name: string) => Uint8Array.from(readFileSync(torch + name));
    await using older = await hostOf(
      { 'config.json': read('config.json'), 'pytorch_model.bin': read('pytorch_model.bin') },
      fault,
    );
    expect(await collectTensors(await openCheckpoint(older.url, { access }))).toEqual(
      await collectTensors(await openCheckpoint(torch)),
    );
  });

  it.each(['tokenizer.json', 'tokenizer_config.json', 'special_tokens_map.json', 'generation_config.json'])(
    'opens without %s',
    async (name) => {
      const small = { 'tokenizer.json': 'x', 'tokenizer_config.json': '{}', 'special_tokens_map.json': '{}' };
      const files: Record<string, Uint8Array> = { ...tinyFiles() };
      for (const [file, text] of Object.entries({ ...small, 'generation_config.json': '{"top_k": 3}' }))
        files[file] = new TextEncoder().encode(text);
      await using server = await hostOf(files, fault, name);
      const { tokenizerFiles, generationDefaults } = await openCheckpoint(server.url, { access });
      expect(Object.keys(tokenizerFiles).sort()).toEqual(
        Object.keys(small)
          .filter((other) => other !== name)
          .sort(),
      );
      expect(generationDefaults).toEqual(name === 'generation_config.json' ? {} : { topK: 3 });
    },
  );

  it('names the answers where weights are missing, a part of them, or half a tokenizer', async () => {
    const files = tinyFiles();
    await using noWeights = await hostOf(files, fault, 'model.safetensors');
    await expect(openCheckpoint(noWeights.url, { access })).rejects.toMatchObject({
      code: 'MODEL_NOT_FOUND',
      message: expect.stringMatching(
        `model.safetensors \\(${said}\\).*model.safetensors.index.json \\(${said}\\).*pytorch_model.bin \\(${said}\\)`,
      ),
    });
    const map = Object.fromEntries(tinyShapes().map(([name]) => [name, 'part-1.safetensors']));
    const sharded = {
      'config.json': files['config.json'],
      'model.safetensors.index.json': new TextEncoder().encode(JSON.stringify({ weight_map: map })),
    };
    await using noShard = await hostOf(sharded, fault);
    await expect(openCheckpoint(noShard.url, { access })).rejects.toMatchObject({
      code: 'MODEL_NOT_FOUND',
      message: expect.stringContaining(`part-1.safetensors (${said}) is missing`),
    });
    await using whole = await hostOf({ ...sharded, 'part-1.safetensors': safetensors(headerFor(tinyShapes())) }, fault);
    expect((await collectTensors(await openCheckpoint(whole.url, { access }))).size).toBe(28);
    await using halfATokenizer = await hostOf({ ...files, 'vocab.json': fixture('vocab.json') }, fault);
    await expect(openCheckpoint(halfATokenizer.url, { access })).rejects.toMatchObject({
      code: 'BAD_TOKENIZER',
      message: expect.stringContaining(`merges.txt (${said})`),
    });
  });

  it('opens again from a cache, with a network and without', async () => {
    await using server = await hostOf(tinyFiles(), fault);
    const cache = memoryCache();
    const open = async () => collectTensors(await openCheckpoint(server.url, { access, cache }));
    const expected = await open();
    expect(await open()).toEqual(expected);
    await server[Symbol.asyncDispose]();
    expect(await open()).toEqual(expected);
  });
});

describe('a file given by its address', () => {
  const open = (url: URL, name: string) => openCheckpoint({ ...tinyFiles(), [name]: new URL(name, url) }, { access });

  it.each(['config.json', 'model.safetensors', 'tokenizer.json', 'generation_config.json'])(
    'is named where it is not there, or a page came, %s',
    async (name) => {
      await using server = await hostOf({}, { kind: 'status', status: 404 });
      await expect(open(server.url, name)).rejects.toMatchObject({
        code: 'MODEL_NOT_FOUND',
        message: expect.stringContaining(`There is no ${server.url}${name},`),
      });
      await using pages = await hostOf({}, html);
      await expect(open(pages.url, name)).rejects.toMatchObject({
        code: 'MODEL_NOT_FOUND',
        message: expect.stringContaining(`${pages.url}${name} (the server sent an HTML page in its place)`),
      });
    },
  );
});

it('a file that is said to be HTML and is not is read', async () => {
  const files = { ...tinyFiles(), 'generation_config.json': new TextEncoder().encode(' {"top_k": 3}') };
  await using server = await startFaultyServer(files, () => ({ kind: 'typed', type: 'text/html; charset=utf-8' }));
  const checkpoint = await openCheckpoint(server.url, { access });
  expect(checkpoint.generationDefaults).toEqual({ topK: 3 });
  expect((await collectTensors(checkpoint)).size).toBe(28);
});

describe('a hub', () => {
  const commit = '0123456789abcdef0123456789abcdef01234567';
  /** Gated: every file is refused without the token; also where its files can never change. */
  it.each(['main', commit])(
    'that refuses a gated model says what to do, and opens it to a token later, @%s',
    async (revision) => {
      await using hub = await startFaultyServer(tinyFiles(), ({ authorization }) =>
        authorization ? undefined : { kind: 'status', status: 401, headers: { 'X-Error-Code': 'GatedRepo' } },
      );
      const cache = memoryCache();
      const open = (token?: string) =>
        openCheckpoint(`owner/name@${revision}`, { access, cache, hub: { endpoint: hub.url.origin, token } });
      await expect(open()).rejects.toMatchObject({
        code: 'NETWORK',
        message: expect.stringMatching(/config\.json was refused with HTTP status 401 \(GatedRepo\).*hub\.token/),
      });
      expect((await collectTensors(await open('hf_secret'))).size).toBe(28);
    },
  );
});
