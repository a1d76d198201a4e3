import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GptModel } from '../loaded-model/gpt-model.ts';
import { resolveLoadOptions } from '../loading/load-options.ts';
import { loadModelHere } from '../testing/load-model-here.ts';

const folder = 'fixtures/gpt2-tiny';
const expected = JSON.parse(readFileSync(`${folder}/expected.json`, 'utf8'));
const load = (
  options: Parameters<typeof resolveLoadOptions>[0] = { backend: 'wasm', dtype: 'f32' },
): Promise<GptModel> => loadModelHere(folder, resolveLoadOptions(options));

/** Row t of (T, V) logits as natural log-probabilities, the plain way. */
function logSoftmax(logits: Float32Array, t: number, V: number): number[] {
  const row = Array.from(logits.subarray(t * V, (t + 1) * V));
  const max = Math.max(...row);
  const logSum = Math.log(row.reduce((sum, value) => sum + Math.exp(value - max), 0));
  return row.map((value) => value - max - logSum);
}

describe('a model', () => {
  let model: GptModel;
  beforeAll(async () => {
    model = await load();
  });
  afterAll(() => model.dispose());

  it('gives the reference tokens, greedily, over 200 tokens', async () => {
    const { tokenIds, finishReason, usage } = await model.generate(expected.greedyPrompt, {
      temperature: 0,
      maxNewTokens: 200,
    });
    expect(tokenIds).toEqual(expected.greedy);
    expect(finishReason).toBe('length');
    expect(usage).toMatchObject({ promptTokens: expected.greedyPrompt.length, generatedTokens: 200 });
  });

  it('forward gives the reference logits to 1e-4', async () => {
    const logits = await model.forward(expected.ids);
    const reference = new Float32Array(Uint8Array.from(readFileSync(`${folder}/logits.f32`)).buffer);
    expect(logits.length).toBe(reference.length);
    let worst = 0;
    for (let i = 0; i < logits.length; i++) worst = Math.max(worst, Math.abs(logits[i] - reference[i]));
    expect(worst).toBeLessThan(1e-4);
  });

  it('streams the same text and tokens that awaiting gives', async () => {
    const generation = model.generate('Hello', { maxNewTokens: 40, seed: 3 });
    let text = '';
    const tokenIds: number[] = [];
    for await (const part of generation) {
      text += part.text;
      tokenIds.push(...part.tokenIds);
    }
    const result = await generation;
    expect([text, tokenIds]).toEqual([result.text, result.tokenIds]);
    expect(result.text).toBe(model.tokenizer.decode(result.tokenIds));
  });

  it('gives the same tokens for the same seed and others for another', async () => {
    const run = async (seed: number): Promise<number[]> =>
      (await model.generate('Hello', { maxNewTokens: 30, seed })).tokenIds;
    const [first, again, other] = [await run(7), await run(7), await run(8)];
    expect(again).toEqual(first);
    expect(other).not.toEqual(first);
  });

  it('pays only for what is new of a prompt, and the answer stays the same', async () => {
    const prompt = expected.ids.slice(0, 40);
    const options = { temperature: 0, maxNewTokens: 10 };
    const fresh = await load();
    const plain = await fresh.generate(prompt, options);
    await fresh.dispose();
    await model.generate(prompt.slice(0, 30), { maxNewTokens: 0 });
    const warm = await model.generate(prompt, options);
    expect(plain.usage.cachedTokens).toBe(0);
    expect(warm.usage.cachedTokens).toBe(30);
    expect(warm.tokenIds).toEqual(plain.tokenIds);
    expect((await model.generate(prompt, options)).usage.cachedTokens).toBe(39);
  });

  it('serves overlapping generations without mixing them', async () => {
    const prompts = ['One', 'Two words', 'And three of them'];
    const options = { temperature: 0, maxNewTokens: 20 };
    const alone: string[] = [];
    for (const prompt of prompts) alone.push((await model.generate(prompt, options)).text);
    const together = await Promise.all(prompts.map((prompt) => model.generate(prompt, options)));
    expect(together.map(({ text }) => text)).toEqual(alone);
  });

  it('stops within one token of an abort and keeps what there is', async () => {
    const controller = new AbortController();
    const generation = model.generate('Hello', { maxNewTokens: 200, signal: controller.signal, temperature: 0 });
    const seen: number[] = [];
    for await (const { tokenIds } of generation) {
      seen.push(...tokenIds);
      if (seen.length >= 5) controller.abort();
    }
    const result = await generation;
    expect(result.finishReason).toBe('aborted');
    expect(result.tokenIds.length).toBeGreaterThanOrEqual(5);
    expect(result.tokenIds.length).toBeLessThanOrEqual(7);
    expect((await model.generate('Hello', { maxNewTokens: 3 })).finishReason).toBe('length');
  });

  it('ends before a stop text and shows none of it', async () => {
    const { text: whole } = await model.generate('Hello', { temperature: 0, maxNewTokens: 60 });
    const stop = whole.slice(20, 24);
    const generation = model.generate('Hello', { temperature: 0, maxNewTokens: 60, stop: [stop] });
    let streamed = '';
    for await (const part of generation) streamed += part.text;
    const { text, finishReason } = await generation;
    expect(text).toBe(whole.slice(0, whole.indexOf(stop)));
    expect(streamed).toBe(text);
    expect(finishReason).toBe('stop');
  });

  it('reports log-probabilities that agree with forward, and the likeliest alternatives', async () => {
    const prompt = expected.greedyPrompt;
    const { logprobs = [], tokenIds } = await model.generate(prompt, {
      seed: 5,
      temperature: 1.5,
      maxNewTokens: 8,
      logprobs: 3,
    });
    const logits = await model.forward([...prompt, ...tokenIds]);
    expect(logprobs.map(({ tokenId }) => tokenId)).toEqual(tokenIds);
    logprobs.forEach(({ tokenId, logprob, top }, i) => {
      const row = logSoftmax(logits, prompt.length - 1 + i, model.config.vocabSize);
      expect(logprob).toBeCloseTo(row[tokenId], 4);
      const best = row.map((value, id) => ({ value, id })).sort((a, b) => b.value - a.value);
      expect(top.map(({ tokenId: id }) => id)).toEqual(best.slice(0, 3).map(({ id }) => id));
    });
  });

  it('fills the context and no more', async () => {
    const prompt = expected.ids.slice(0, 40);
    const { tokenIds, finishReason } = await model.generate(prompt, { maxNewTokens: 10_000, temperature: 0 });
    expect(tokenIds).toHaveLength(model.config.nCtx - prompt.length + 1);
    expect(finishReason).toBe('length');
  });

  it('lets go of a call that is aborted while it waits for its turn', async () => {
    const running = model.generate('Hello', { maxNewTokens: 150, temperature: 0 });
    let [ended, text] = [false, ''];
    const stop = new AbortController();
    const { signal } = stop;
    for await (const part of running) {
      text += part.text;
      if (signal.aborted) continue;
      const waiting = [model.generate('One', { signal }), model.forward([1], { signal }), model.score('x', { signal })];
      const outcomes = Promise.allSettled(waiting);
      stop.abort();
      const [generation, ...others] = await outcomes;
      expect(ended).toBe(false);
      expect(generation).toMatchObject({ value: { finishReason: 'aborted', usage: { generatedTokens: 0 } } });
      for (const { status, ...rest } of others)
        expect({ status, ...rest }).toMatchObject({ status: 'rejected', reason: { name: 'AbortError' } });
      running.then(() => {
        ended = true;
      });
    }
    expect((await running).tokenIds).toHaveLength(150);
    expect((await running).text).toBe(text);
  });

  it('scores a long text by windows, and a short one the same with any stride', async () => {
    const text = model.tokenizer.decode(expected.ids.slice(0, 50));
    const [a, b] = [await model.score(text), await model.score(text, { stride: 3 })];
    expect(b.logprob).toBeCloseTo(a.logprob, 4);
    // Long: each window of nCtx tokens by itself, counting what the one before did not reach.
    const { nCtx, vocabSize, bosTokenId } = model.config;
    const long = await model.score(text.repeat(12), { stride: 100 });
    const ids = [bosTokenId as number, ...model.tokenizer.encode(text.repeat(12))];
    expect(ids.length).toBeGreaterThan(2 * nCtx);
    let [logprob, counted] = [0, 1];
    for (let start = 0; counted < ids.length; start += 100) {
      const window = ids.slice(start, start + nCtx);
      const logits = await model.forward(window);
      for (; counted < start + window.length; counted++)
        logprob += logSoftmax(logits, counted - 1 - start, vocabSize)[ids[counted]];
    }
    expect(long.tokens).toHaveLength(ids.length - 1);
    expect(Math.abs(long.logprob - logprob) / long.tokens.length).toBeLessThan(1e-5);
    expect(long.perplexity).toBeCloseTo(Math.exp(-logprob / (ids.length - 1)), 3);
    await expect(model.score(text, { stride: 0 })).rejects.toMatchObject({ code: 'INVALID_OPTION' });
  });

  it('score agrees with forward to 1e-5 a token', async () => {
    const text = model.tokenizer.decode(expected.ids.slice(0, 30));
    const { tokens } = await model.score(text);
    const ids = tokens.map(({ tokenId }) => tokenId);
    const begin = model.config.bosTokenId === undefined ? [] : [model.config.bosTokenId];
    const whole = begin.length > 0 ? [...begin, ...ids] : Array.from(model.tokenizer.encode(text));
    const logits = await model.forward(whole);
    const V = model.config.vocabSize;
    tokens.forEach(({ logprob, tokenId }, i) => {
      const exact = logSoftmax(logits, i, V)[tokenId];
      expect(Math.abs(logprob - exact)).toBeLessThan(1e-5);
    });
  });

  it('scores a batch as it scores each, to 1e-5 a token, whatever is in it', async () => {
    const text = model.tokenizer.decode(expected.ids.slice(0, 30));
    const context = `${text} and so on`;
    const inputs = [
      ...['a', ' longer one', text].map((continuation) => ({ context, continuation })),
      text,
      '',
      { context: '', continuation: 'x' },
      text.repeat(12),
      { context: text.repeat(8), continuation: ' the end' },
    ];
    for (const order of [inputs, [...inputs].reverse(), inputs.slice(0, 3)]) {
      const batch = await model.scoreBatch(order);
      for (const [i, input] of order.entries()) {
        const alone = await model.score(input);
        expect(batch[i].tokens.map(({ tokenId }) => tokenId)).toEqual(alone.tokens.map(({ tokenId }) => tokenId));
        batch[i].tokens.forEach(({ logprob }, t) => {
          expect(Math.abs(logprob - alone.tokens[t].logprob)).toBeLessThan(1e-5);
        });
      }
    }
    expect(await model.scoreBatch([])).toEqual([]);
  });

  it('embeds and inspects', async () => {
    const C = model.config.nEmbd;
    const last = await model.embed('Hello there');
    const unit = await model.embed('Hello there', { pooling: 'mean', normalize: true });
    expect([last.length, unit.length]).toEqual([C, C]);
    expect(Math.hypot(...unit)).toBeCloseTo(1, 5);
    const { attention, hiddenStates, tokenIds } = await model.inspect('Hello there');
    const T = tokenIds.length;
    expect(attention?.length).toBe(model.config.nLayer * model.config.nHead * T * T);
    expect(hiddenStates?.length).toBe((model.config.nLayer + 1) * T * C);
    const final = (hiddenStates as Float32Array).subarray(hiddenStates!.length - C);
    for (let c = 0; c < C; c++) expect(final[c]).toBeCloseTo(last[c], 4);
  });

  it('embeds many at once as it does one by one', async () => {
    const texts = ['Hello there', 'Hello there, you', 'x', 'Hello there'];
    for (const pooling of ['last', 'mean'] as const) {
      const batch = await model.embedBatch(texts, { pooling });
      const alone = await Promise.all(texts.map((text) => model.embed(text, { pooling })));
      expect(batch.map(({ length }) => length)).toEqual(texts.map(() => model.config.nEmbd));
      batch.forEach((row, i) => {
        const gaps = row.map((value, c) => Math.abs(value - alone[i][c]));
        expect(Math.max(...gaps)).toBeLessThan(1e-5);
      });
    }
    expect(await model.embedBatch([])).toEqual([]);
    expect(await model.embedBatch([[1, 2]])).toEqual([(await model.embedBatch([Uint32Array.of(1, 2)]))[0]]);
  });

  it('returns several different sequences of one prompt', async () => {
    const { sequences, text } = await model.generate('Hello', { numSequences: 3, maxNewTokens: 12, seed: 1 });
    expect(sequences).toHaveLength(3);
    expect(sequences?.[0].text).toBe(text);
    expect(new Set(sequences?.map(({ tokenIds }) => tokenIds.join())).size).toBe(3);
  });
});

describe('a disposed model', () => {
  it('says so, twice is no error, and others go on', async () => {
    const [gone, kept] = [await load(), await load()];
    await gone.dispose();
    await gone.dispose();
    await expect(gone.generate('Hello')).rejects.toMatchObject({ code: 'DISPOSED' });
    await expect(gone.forward([1])).rejects.toMatchObject({ code: 'DISPOSED' });
    expect((await kept.generate('Hello', { maxNewTokens: 2 })).tokenIds).toHaveLength(2);
    await kept.dispose();
  });
});

describe('loading', () => {
  it.each([
    ['f32', 'f32'],
    ['f16', 'f32'],
    ['q8', 'q8'],
    ['q4', 'q4'],
    ['auto', 'q8'],
  ] as const)('as %s on the CPU gives a model that says %s and generates', async (dtype, expectedDtype) => {
    const model = await load({ backend: 'wasm', dtype });
    expect(model.dtype).toBe(expectedDtype);
    expect((await model.generate('Hello', { maxNewTokens: 3 })).tokenIds).toHaveLength(3);
    await model.dispose();
  });

  it('reports progress that never falls and ends at 1', async () => {
    const fractions: number[] = [];
    const model = await loadModelHere(folder, {
      ...resolveLoadOptions({ backend: 'wasm' }),
      onProgress: ({ fraction }) => fractions.push(fraction),
    });
    await model.dispose();
    expect(fractions.length).toBeGreaterThan(2);
    expect(fractions).toEqual([...fractions].sort((a, b) => a - b));
    expect(fractions.at(-1)).toBe(1);
  });

  it('rejects with the AbortError of its signal', async () => {
    const signal = AbortSignal.abort();
    await expect(loadModelHere(folder, { ...resolveLoadOptions({}), signal })).rejects.toMatchObject({
      name: 'AbortError',
    });
  });

  it.each([
    [{ backend: 'cuda' }],
    [{ dtype: 'q2' }],
    [{ threads: 0 }],
    [{ threads: 10_000 }],
    [{ threads: Number.NaN }],
    [{ bakend: 'wasm' }],
    [{ onProgress: 5 }],
    [{ signal: new AbortController() }],
  ])('rejects %j with INVALID_OPTION', async (options) => {
    await expect((async () => load(options as object))()).rejects.toMatchObject({ code: 'INVALID_OPTION' });
  });
});
