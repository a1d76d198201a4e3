import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { countTokens } from '../backends/wasm/testing/count-tokens.ts';
import type { GptModel } from '../generation/gpt-model.ts';
import { loadLocalModel } from '../loading/load-local-model.ts';
import { resolveLoadOptions } from '../loading/load-options.ts';
import { fewShot } from './few-shot.ts';
import { rank } from './rank.ts';
import { zeroShot } from './zero-shot.ts';

let model: GptModel;
beforeAll(async () => {
  model = await loadLocalModel('fixtures/gpt2-tiny', resolveLoadOptions({ backend: 'wasm', dtype: 'f32' }));
});
afterAll(() => model.dispose());

const candidates = [' yes', ' no', ' perhaps not'];

describe('rank', () => {
  it('orders by the summed log-probability of each candidate after the context', async () => {
    const ranked = await rank(model, { context: 'Is it so?', candidates });
    expect(ranked.map(({ score }) => score)).toEqual(ranked.map(({ score }) => score).sort((a, b) => b - a));
    for (const { candidate, logprob } of ranked) {
      expect(logprob).toBeCloseTo((await model.score({ context: 'Is it so?', continuation: candidate })).logprob, 4);
    }
  });

  it('normalises by tokens, bytes or the unconditional probability', async () => {
    const byIndex = async (normalize: 'none' | 'tokens' | 'bytes' | 'unconditional'): Promise<number[]> =>
      (await rank(model, { context: 'Is it so?', candidates, normalize }))
        .sort((a, b) => a.index - b.index)
        .map(({ score }) => score);
    const plain = await byIndex('none');
    const tokens = candidates.map((text) => model.tokenizer.count(text));
    // A longer cached prefix sums in another order: equal to f32's rounding.
    for (const [i, value] of (await byIndex('tokens')).entries()) expect(value).toBeCloseTo(plain[i] / tokens[i], 4);
    for (const [i, value] of (await byIndex('bytes')).entries())
      expect(value).toBeCloseTo(plain[i] / candidates[i].length, 4);
    const bare = await rank(model, { context: 'Answer:', candidates });
    const unconditional = await byIndex('unconditional');
    for (const { index, logprob } of bare) expect(unconditional[index]).toBeCloseTo(plain[index] - logprob, 4);
  });

  it('runs the context once, then all candidates in one pass', async () => {
    const context = 'The question was asked again and again, and never answered.';
    const { tokens, passes } = await countTokens(() => rank(model, { context, candidates }));
    // Begin-of-text and the context but for its last token, which stands before each candidate; no candidate's last token.
    const apart = candidates.reduce((sum, text) => sum + model.tokenizer.count(text), 0);
    expect(tokens).toBeLessThanOrEqual(model.tokenizer.count(context) + apart);
    expect(tokens).toBeGreaterThan(apart);
    expect(passes).toBe(2);
    // Once more: the context is in the cache.
    expect((await countTokens(() => rank(model, { context, candidates }))).tokens).toBe(apart);
  });

  it.each([
    ['no candidates', []],
    ['an empty one', ['a', '']],
  ])('refuses %s', async (_, given) => {
    await expect(rank(model, { context: 'x', candidates: given })).rejects.toMatchObject({ code: 'INVALID_OPTION' });
  });
});

describe('zeroShot', () => {
  it('gives scores that sum to 1, and with calibration an equal chance where the text says nothing', async () => {
    const labels = ['sport', 'music', 'food'];
    const scores = await zeroShot(model, { text: 'A ball', labels });
    expect(scores.reduce((sum, { score }) => sum + score, 0)).toBeCloseTo(1, 9);
    const nothing = await zeroShot(model, { text: '', labels });
    for (const { score } of nothing) expect(score).toBeCloseTo(1 / 3, 5);
  });

  it('refuses labels that repeat, none at all, and a template without {text}', async () => {
    for (const options of [
      { text: 'x', labels: ['a', 'a'] },
      { text: 'x', labels: [] },
      { text: 'x', labels: ['a'], template: 'nothing' },
    ]) {
      await expect(zeroShot(model, options)).rejects.toMatchObject({ code: 'INVALID_OPTION' });
    }
  });
});

describe('fewShot', () => {
  const examples = Array.from({ length: 12 }, (_, i) => ({ input: `word ${i}`, output: `answer ${i}` }));

  it('puts instruction, examples and query together and tells how a completion ends', () => {
    const { prompt, shots, stop } = fewShot(model, {
      instruction: 'Do it.',
      examples: examples.slice(0, 2),
      query: 'word 9',
    });
    expect(prompt).toBe(
      'Do it.\n\nInput: word 0\nOutput: answer 0\n\nInput: word 1\nOutput: answer 1\n\nInput: word 9\nOutput:',
    );
    expect([shots, stop]).toEqual([2, '\n']);
  });

  it('leaves out the oldest examples when the context is too small for all', () => {
    const { shots, tokens, prompt } = fewShot(model, { examples, query: 'word 99', reserveTokens: 20 });
    expect(shots).toBeGreaterThan(0);
    expect(shots).toBeLessThan(12);
    expect(tokens).toBeLessThanOrEqual(model.config.nCtx - 20);
    expect(prompt).toContain('answer 11');
    expect(prompt).not.toContain('answer 0\n');
  });

  it('says so when not even the query fits', () => {
    expect(() => fewShot(model, { examples, query: 'x'.repeat(2000) })).toThrow(
      expect.objectContaining({ code: 'CONTEXT_OVERFLOW' }),
    );
  });

  it('pays for the prefix of 100 queries with 8 shots once, and tells so', async () => {
    const shots = Array.from({ length: 8 }, (_, i) => ({ input: `w${i}`, output: `a${i}` }));
    const build = (query: string) => fewShot(model, { examples: shots, query });
    // All but the query, the line end before "Output:" and what may merge with them.
    const prefix = build('').prompt.lastIndexOf('Input:');
    const prefixTokens = model.tokenizer.count(build('').prompt.slice(0, prefix));
    expect(prefixTokens).toBeGreaterThan(150);
    expect(build('x99').shots).toBe(8);
    let [prompt, cached] = [0, 0];
    const { tokens } = await countTokens(async () => {
      for (let query = 0; query < 100; query++) {
        const { usage } = await model.generate(build(`x${query}`).prompt, { maxNewTokens: 1 });
        if (query > 0) expect(usage.cachedTokens).toBeGreaterThanOrEqual(prefixTokens);
        prompt += usage.promptTokens;
        cached += usage.cachedTokens;
      }
    });
    // What was computed is what was reported: the prefix once, some 20 tokens of each query.
    expect(tokens).toBe(prompt - cached);
    expect(tokens).toBeLessThan(prefixTokens + 100 * 25);
  });
});
