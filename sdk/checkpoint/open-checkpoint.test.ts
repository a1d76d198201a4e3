import { describe, expect, it } from 'vitest';
import { openCheckpoint } from '../testing/open-checkpoint.ts';
import { collectTensors } from './testing/collect-tensors.ts';
import { headerFor, safetensors, tinyConfig, tinyFiles, tinyShapes } from './testing/tiny-checkpoint.ts';

const json = (value: unknown): Uint8Array<ArrayBuffer> => new TextEncoder().encode(JSON.stringify(value));

/** tinyFiles with the tensors' list changed, and contiguous again. */
function withShapes(
  change: (shapes: [string, number[]][]) => [string, number[]][],
  config: Record<string, unknown> = {},
) {
  return {
    'config.json': json({ ...tinyConfig(), ...config }),
    'model.safetensors': safetensors(headerFor(change(tinyShapes()))),
  };
}

describe('a checkpoint of given files', () => {
  it('gives the same weights as Uint8Array, ArrayBuffer, Blob and data: URL, in a folder or not', async () => {
    const files = tinyFiles();
    const expected = await collectTensors(await openCheckpoint(files));
    const entries = Object.entries(files);
    const forms = [
      Object.fromEntries(entries.map(([name, bytes]) => [name, bytes.buffer])),
      Object.fromEntries(entries.map(([name, bytes]) => [name, new Blob([bytes])])),
      Object.fromEntries(entries.map(([name, bytes]) => [`my-model/${name}`, bytes])),
      Object.fromEntries(
        entries.map(([name, bytes]) => [
          name,
          new URL(`data:application/octet-stream;base64,${Buffer.from(bytes).toString('base64')}`),
        ]),
      ),
    ];
    for (const form of forms) expect(await collectTensors(await openCheckpoint(form))).toEqual(expected);
    expect(expected.get('tokenEmbedding')?.slice(0, 3)).toEqual([0, 1 / 8, 2 / 8]);
  });

  it('reads names with the prefix, masks beside the weights, and a redundant tied head', async () => {
    const plain = await collectTensors(await openCheckpoint(tinyFiles()));
    const files = withShapes((shapes) => [
      ...shapes.map(([name, shape]): [string, number[]] => [`transformer.${name}`, shape]),
      ['transformer.h.0.attn.bias', [1, 1, 6, 6]],
      ['transformer.h.1.attn.masked_bias', []],
      ['lm_head.weight', [11, 4]],
    ]);
    expect(await collectTensors(await openCheckpoint(files))).toEqual(plain);
  });

  it('reads block matrices that nn.Linear stored (outputs, inputs)', async () => {
    const files = withShapes((shapes) =>
      shapes.map(([name, shape]) => [name, name.startsWith('h.') && shape.length === 2 ? shape.toReversed() : shape]),
    );
    const tensors = await collectTensors(await openCheckpoint(files));
    // In the file's order, untouched: 11·4 + 6·4 + 2·4 numbers stand before it.
    expect(tensors.get('blocks.0.attention.qkv.weight')).toEqual(Array.from({ length: 48 }, (_, i) => (76 + i) / 8));
  });

  it('reads several files by their index', async () => {
    const shapes = tinyShapes();
    const parts = { 'model-1.safetensors': shapes.slice(0, 9), 'model-2.safetensors': shapes.slice(9) };
    const map = Object.fromEntries(
      Object.entries(parts).flatMap(([file, names]) => names.map(([name]) => [name, file])),
    );
    const files = {
      'config.json': json(tinyConfig()),
      'model.safetensors.index.json': json({ weight_map: map }),
      ...Object.fromEntries(Object.entries(parts).map(([file, names]) => [file, safetensors(headerFor(names))])),
    };
    const checkpoint = await openCheckpoint(files);
    expect(checkpoint.totalBytes).toBe(
      files['model-1.safetensors' as keyof typeof files].length +
        files['model-2.safetensors' as keyof typeof files].length,
    );
    expect((await collectTensors(checkpoint)).size).toBe(28);
    const { 'model-2.safetensors': _, ...incomplete } = files as Record<string, Uint8Array>;
    await expect(openCheckpoint(incomplete)).rejects.toMatchObject({
      code: 'MODEL_NOT_FOUND',
      message: expect.stringContaining('model-2.safetensors'),
    });
    for (const name of ['../secret', '/etc/passwd', 'https://elsewhere.test/x', '', 7]) {
      const led = { ...files, 'model.safetensors.index.json': json({ weight_map: { ...map, 'wte.weight': name } }) };
      await expect(openCheckpoint(led)).rejects.toMatchObject({
        code: 'BAD_CHECKPOINT',
        message: expect.stringContaining('no plain file name'),
      });
    }
    const lying = {
      ...files,
      'model.safetensors.index.json': json({ weight_map: { ...map, 'h.9.x': 'model-1.safetensors' } }),
    };
    await expect(openCheckpoint(lying)).rejects.toMatchObject({
      message: expect.stringContaining("says that model-1.safetensors holds 'h.9.x'"),
    });
  });

  it.each<[string, Parameters<typeof withShapes>[0], Record<string, unknown>, RegExp]>([
    [
      'lacks a weight',
      (shapes) => shapes.filter(([name]) => name !== 'h.1.ln_2.weight'),
      {},
      /there is no tensor 'h\.1\.ln_2\.weight'/,
    ],
    [
      'holds an unknown tensor',
      (shapes) => [...shapes, ['h.0.attn.rotary.inv_freq', [4]]],
      {},
      /holds 'h\.0\.attn\.rotary\.inv_freq'/,
    ],
    ['holds a layer too many', (shapes) => [...shapes, ['h.2.ln_1.weight', [4]]], {}, /'h\.2\.ln_1\.weight'.*2 layers/],
    [
      'holds a classifier that config.json does not name',
      (shapes) => [...shapes, ['score.weight', [2, 4]]],
      {},
      /'score\.weight'.*no head/,
    ],
    [
      'holds one weight under two names',
      (shapes) => [...shapes, ['transformer.wte.weight', [11, 4]]],
      {},
      /'wte\.weight' already gives/,
    ],
    [
      'has another vocabulary than config.json',
      (shapes) => shapes,
      { vocab_size: 12 },
      /\[11, 4\], but config\.json asks for \[12, 4\]/,
    ],
    ['has another width', (shapes) => shapes, { n_inner: 8 }, /config\.json asks for \[4, 8\]/],
    [
      'lacks the head that is not tied',
      (shapes) => shapes,
      { tie_word_embeddings: false },
      /'lm_head\.weight' is needed/,
    ],
  ])('is refused when it %s', async (_, change, config, message) => {
    await expect(openCheckpoint(withShapes(change, config))).rejects.toMatchObject({
      code: 'BAD_CHECKPOINT',
      message: expect.stringMatching(message),
    });
  });

  it('is refused when a weight has a type that is no float', async () => {
    const files = {
      'config.json': json(tinyConfig()),
      'model.safetensors': safetensors(headerFor(tinyShapes(), 'I32')),
    };
    await expect(openCheckpoint(files)).rejects.toMatchObject({
      code: 'BAD_CHECKPOINT',
      message: expect.stringContaining('as I32; gptlet reads F32'),
    });
  });

  it('says which file is missing, and what was given', async () => {
    const { 'model.safetensors': weights, 'config.json': config } = tinyFiles();
    await expect(openCheckpoint({ 'model.safetensors': weights })).rejects.toMatchObject({
      code: 'MODEL_NOT_FOUND',
      message: expect.stringMatching(/config\.json.*model\.safetensors/),
    });
    await expect(openCheckpoint({ 'config.json': config })).rejects.toMatchObject({
      code: 'MODEL_NOT_FOUND',
      message: expect.stringMatching(/model\.safetensors.*pytorch_model\.bin/),
    });
    await expect(openCheckpoint('./no/such/folder')).rejects.toMatchObject({
      code: 'MODEL_NOT_FOUND',
      message: expect.stringContaining('no/such/folder/config.json'),
    });
    await expect(openCheckpoint({ 'config.json': new TextEncoder().encode('{') })).rejects.toMatchObject({
      code: 'BAD_CHECKPOINT',
      message: expect.stringContaining('is not JSON'),
    });
    await expect(openCheckpoint({ 'config.json': 3 as never })).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      message: expect.stringContaining('a number'),
    });
    await expect(openCheckpoint(7 as never)).rejects.toMatchObject({ code: 'INVALID_OPTION' });
    await expect(openCheckpoint('')).rejects.toMatchObject({ code: 'INVALID_OPTION' });
  });

  it('hands on the tokenizer and the defaults for generation', async () => {
    const files = {
      ...tinyFiles(),
      'vocab.json': json({ a: 0 }),
      'merges.txt': json(''),
      'generation_config.json': json({ do_sample: true, temperature: 0.7, top_k: 20, eos_token_id: 3 }),
    };
    const checkpoint = await openCheckpoint(files);
    expect(Object.keys(checkpoint.tokenizerFiles).sort()).toEqual(['merges.txt', 'vocab.json']);
    expect(checkpoint.generationDefaults).toEqual({ temperature: 0.7, topK: 20, eosTokenIds: [3] });
    expect((await openCheckpoint(tinyFiles())).generationDefaults).toEqual({});
  });

  it('stops with the signal\u2019s reason, before and while reading', async () => {
    await expect(openCheckpoint(tinyFiles(), { signal: AbortSignal.abort() })).rejects.toMatchObject({
      name: 'AbortError',
    });
    const abort = new AbortController();
    const checkpoint = await openCheckpoint(tinyFiles());
    const parts = checkpoint.tensors({ signal: abort.signal })[Symbol.asyncIterator]();
    await parts.next();
    abort.abort(new Error('enough'));
    await expect(parts.next()).rejects.toThrow('enough');
  });
});
