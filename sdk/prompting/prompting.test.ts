import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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

  it('pays for the shared prefix once', async () => {
    const prompts = ['word 3', 'word 4'].map(
      (query) => fewShot(model, { examples: examples.slice(0, 3), query }).prompt,
    );
    await model.generate(prompts[0], { maxNewTokens: 1 });
    const { usage } = await model.generate(prompts[1], { maxNewTokens: 1 });
    const shared = prompts[0].length - 'Output:'.length - 'word 3\n'.length;
    expect(usage.cachedTokens).toBeGreaterThanOrEqual(model.tokenizer.count(prompts[0].slice(0, shared)) - 1);
  });
});
