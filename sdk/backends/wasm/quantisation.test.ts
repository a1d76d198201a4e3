import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Dtype } from '../../model/dtype.ts';
import { seededRandom } from '../../platform/seeded-random.ts';
import { openCheckpoint } from '../../testing/open-checkpoint.ts';
import type { TokenizerFiles } from '../../tokenizer/tokenizer.ts';
import { createTokenizer } from '../../tokenizer.ts';
import type { Engine } from '../engine.ts';
import { createWasmEngineBuilder } from './index.ts';
import { quantiseTensor } from './testing/quantise-twin.ts';
import { randomFloats } from './testing/random-model.ts';

// How much of the model q8 and q4 lose.

describe('the rounding of weights as wide as those of GPT-2 124M', () => {
  const random = seededRandom(11);

  function relativeError(data: Float32Array, columns: number, dtype: 'q8' | 'q4'): number {
    const rows = data.length / columns;
    const tensor = { name: 'x', rowOffset: 0, rows, columns, rowStride: columns, columnStride: 1, data };
    const rounded = quantiseTensor(tensor, dtype).data;
    let error = 0;
    let size = 0;
    for (let i = 0; i < data.length; i++) {
      error += (data[i] - rounded[i]) ** 2;
      size += data[i] ** 2;
    }
    return Math.sqrt(error / size);
  }

  // The kernels pack exactly as this twin does (kernels.test.ts), which a test can afford for a few rows only.
  it.each([
    ['attention, embedding', 768],
    ['mlp.down', 3072],
  ])('%s: at most 0.75 % in q8 and 9 % in q4', (_, columns) => {
    const data = randomFloats(random, 48 * columns, 0.02);
    expect(relativeError(data, columns, 'q8')).toBeLessThan(0.0075);
    expect(relativeError(data, columns, 'q4')).toBeLessThan(0.09);
  });

  it('one outlier a row costs only its own group', () => {
    const columns = 768;
    const data = randomFloats(random, 48 * columns, 0.02);
    const plain = data.slice();
    for (let row = 0; row < 48; row++) data[row * columns + 100] = 5;
    const group = (c: number, width: number) => Math.floor(c / width) === Math.floor(100 / width);
    for (const [dtype, width] of [
      ['q8', 128],
      ['q4', 32],
    ] as const) {
      const tensor = { name: 'x', rowOffset: 0, rows: 48, columns, rowStride: columns, columnStride: 1 };
      const [a, b] = [data, plain].map((values) => quantiseTensor({ ...tensor, data: values }, dtype).data);
      expect(a.every((value, i) => group(i % columns, width) || value === b[i])).toBe(true);
    }
  });
});

const folder = fileURLToPath(new URL('../../../models/default/', import.meta.url));
const stories = new URL('../../../../shared/data/pretrain/tinystories-valid.txt', import.meta.url);

/** Natural logarithm of the probability of `id`. */
function logProbability(logits: Float32Array, id: number): number {
  const most = logits.reduce((m, x) => Math.max(m, x), Number.NEGATIVE_INFINITY);
  return logits[id] - most - Math.log(logits.reduce((sum, x) => sum + Math.exp(x - most), 0));
}

/** Perplexity of texts, each read from its beginning. */
async function perplexity(engine: Engine, texts: readonly Uint32Array[]): Promise<number> {
  const V = engine.config.vocabSize;
  let sum = 0;
  let count = 0;
  for (const text of texts) {
    const logits = (await engine.forward(text, 0, { logits: 'all' })).logits as Float32Array;
    for (let t = 0; t + 1 < text.length; t++, count++) {
      sum -= logProbability(logits.subarray(t * V, (t + 1) * V), text[t + 1]);
    }
  }
  return Math.exp(sum / count);
}

const temperature = 0.7; // of models/default/generation_config.json

/** A text as the model itself writes it: what it knows best, so that every loss shows. */
async function sample(engine: Engine, random: () => number, length: number): Promise<Uint32Array> {
  const tokens = [engine.config.bosTokenId ?? 0];
  while (tokens.length < length) {
    const { logits } = await engine.forward(Uint32Array.of(tokens[tokens.length - 1]), tokens.length - 1);
    const weights = (logits as Float32Array).map((x) => Math.exp(x / temperature));
    let rest = random() * weights.reduce((sum, w) => sum + w, 0);
    const next = weights.findIndex((w) => {
      rest -= w;
      return rest < 0;
    });
    tokens.push(Math.max(0, next));
  }
  return Uint32Array.from(tokens);
}

describe.skipIf(!existsSync(folder))('perplexity of the embedded model', () => {
  const engines = {} as Record<Dtype, Engine>;
  let tokenizerFiles: TokenizerFiles;

  beforeAll(async () => {
    const checkpoint = await openCheckpoint(folder);
    tokenizerFiles = checkpoint.tokenizerFiles;
    for (const dtype of ['f32', 'q8', 'q4'] as const) {
      const builder = await createWasmEngineBuilder(checkpoint.config, { dtype });
      for await (const part of checkpoint.tensors()) await builder.setTensor(part);
      engines[dtype] = await builder.finish();
    }
  });

  const compare = async (texts: readonly Uint32Array[]): Promise<void> => {
    const f32 = await perplexity(engines.f32, texts);
    expect(await perplexity(engines.q8, texts)).toBeLessThan(1.005 * f32);
    expect(await perplexity(engines.q4, texts)).toBeLessThan(1.04 * f32);
  };

  it('rises by less than 0.5 % in q8 and 4 % in q4 on what it writes itself', async () => {
    const random = seededRandom(5);
    const texts: Uint32Array[] = [];
    for (let i = 0; i < 8; i++) texts.push(await sample(engines.f32, random, 120));
    await compare(texts);
  });

  it.skipIf(!existsSync(stories))('and on stories that it never saw (../shared/data/pretrain)', async () => {
    const tokenizer = await createTokenizer(tokenizerFiles);
    const text = readFileSync(stories, 'utf8').slice(0, 20_000).replaceAll('<|endoftext|>', '');
    const ids = tokenizer.encode(text);
    const n = engines.f32.config.nCtx;
    await compare(Array.from({ length: Math.floor(ids.length / n) }, (_, i) => ids.slice(i * n, (i + 1) * n)));
  });
});
