import { describe, expect, it } from 'vitest';
import { createSampler, type SamplingOptions } from './create-sampler.ts';
import { gaussianLogits, referenceDistribution } from './reference/reference-distribution.ts';

/** Absolute, per token: the exponentials are f32. */
const TOLERANCE = 1e-6;

const cases: SamplingOptions[] = [
  {},
  { temperature: 0 },
  { temperature: 0.3 },
  { temperature: 2.5 },
  { topK: 1 },
  { topK: 50 },
  { topK: 700 },
  { topP: 0 },
  { topP: 0.3 },
  { topP: 0.95 },
  { topP: 0.9999 },
  { minP: 0.05 },
  { minP: 1 },
  { typicalP: 0.2 },
  { typicalP: 0.95 },
  { topK: 50, topP: 0.95 },
  { temperature: 0.7, topK: 40, topP: 0.9, minP: 0.02 },
  { temperature: 1.4, topP: 0.97, typicalP: 0.9 },
  { topK: 100, minP: 0.01, typicalP: 0.8 },
  { repetitionPenalty: 1.3, topP: 0.9 },
  { presencePenalty: 0.7 },
  { frequencyPenalty: 0.4, presencePenalty: -0.2 },
  { noRepeatNgramSize: 1 },
  { noRepeatNgramSize: 2 },
  { noRepeatNgramSize: 3 },
  { logitBias: { 3: 5, 8: -2.5 }, repetitionPenalty: 1.2 },
  { bannedTokenIds: [0, 7, 11], topK: 20 },
];

describe('the distribution equals the plain reference', () => {
  for (const size of [5, 64, 1000, 4133]) {
    it(`over ${size} tokens`, async () => {
      for (const [i, options] of cases.entries()) {
        const logits = gaussianLogits(size, i % 2 ? 1 : 4, 100 + i);
        const some = [3, 8, 3, 1, 4, 3, 8].map((id) => id % size);
        const banned = options.bannedTokenIds?.filter((id) => id < size);
        const own = { ...options, ...(banned && { bannedTokenIds: banned }) };
        if (own.logitBias && size < 9) continue;
        const sampler = await createSampler(own);
        sampler.promptLength = 2;
        const actual = sampler.distribution(logits, some);
        const expected = referenceDistribution(logits, some, own, 2);
        const label = `${size} ${JSON.stringify(own)}`;
        expect(actual.length).toBe(size);
        expect(
          actual.reduce((a, b) => a + b, 0),
          label,
        ).toBeCloseTo(1, 5);
        let worst = 0;
        for (let id = 0; id < size; id++) worst = Math.max(worst, Math.abs(actual[id] - expected[id]));
        expect(worst, label).toBeLessThan(TOLERANCE);
        // Below e^-87 of the most likely token the sampler's exp is 0.
        const kept = (row: Float32Array | number[]): number => Array.from(row).filter((p) => p > 1e-30).length;
        expect(kept(actual), label).toBe(kept(expected));
      }
    });
  }

  it('over a row of GPT-2, where the nucleus is found without a list of candidates', async () => {
    for (const [i, options] of [
      { topP: 0.5 },
      { topP: 0.95 },
      { topP: 0.99999 },
      { temperature: 0.1, topP: 0.9 },
      { temperature: 3, topP: 0.95 },
      { topP: 0.9, minP: 0.001 },
      { topP: 0.9, typicalP: 0.7 },
    ].entries()) {
      for (const spread of [0.5, 2, 6]) {
        const logits = gaussianLogits(50_257, spread, 900 + i);
        // Every second row in steps, so that thousands tie at the border.
        if (i % 2) for (const [id, logit] of logits.entries()) logits[id] = Math.round(logit * 4) / 4;
        const actual = (await createSampler(options)).distribution(logits);
        const expected = referenceDistribution(logits, [], options);
        let worst = 0;
        for (const [id, p] of expected.entries()) worst = Math.max(worst, Math.abs(actual[id] - p));
        expect(worst, `${JSON.stringify(options)} ${spread}`).toBeLessThan(TOLERANCE);
      }
    }
  });

  it('with many equal logits: ties with the k-th stay, the nucleus keeps the higher ids', async () => {
    const logits = Float32Array.from({ length: 3000 }, (_, id) => (id % 3) * 0.5);
    for (const options of [{ topK: 10 }, { topP: 0.25 }, { topP: 0.5 }, { typicalP: 0.4 }, { topK: 1500, topP: 0.4 }]) {
      const actual = (await createSampler(options)).distribution(logits);
      const expected = referenceDistribution(logits, [], options);
      const label = JSON.stringify(options);
      expect(
        actual.findIndex((p) => p > 0),
        label,
      ).toBe(expected.findIndex((p) => p > 0));
      expect(actual.filter((p) => p > 0).length, label).toBe(expected.filter((p) => p > 0).length);
    }
  });
});

describe('odd rows', () => {
  it('50,257 equal logits', async () => {
    const logits = new Float32Array(50257).fill(1.5);
    const kept = async (options: SamplingOptions): Promise<number> =>
      (await createSampler(options)).distribution(logits).filter((p) => p > 0).length;
    expect(await kept({})).toBe(50257);
    expect(await kept({ topP: 0.5 })).toBe(25129);
    expect(await kept({ minP: 0.5 })).toBe(50257);
    expect(await kept({ typicalP: 0.5 })).toBe(50257);
    expect(await kept({ topK: 50 })).toBe(50257);
    expect((await createSampler({ temperature: 0 })).next(logits).tokenId).toBe(0);
    const drawn = (await createSampler({ topP: 0.5, seed: 1 })).next(logits);
    expect(drawn.tokenId).toBeGreaterThanOrEqual(50257 - 25129);
    expect(drawn.logprob).toBeCloseTo(-Math.log(50257), 6);
  });

  it('temperature 1e-6 is as good as greedy, and the smallest positive number is too', async () => {
    const logits = gaussianLogits(50257, 3, 5);
    const best = (await createSampler({ temperature: 0 })).next(logits).tokenId;
    for (const temperature of [1e-6, Number.MIN_VALUE]) {
      for (const options of [{}, { topP: 0.9 }, { topK: 50, topP: 0.9 }, { typicalP: 0.9 }, { minP: 0.1 }]) {
        const sampler = await createSampler({ temperature, ...options });
        expect(sampler.next(logits).tokenId).toBe(best);
        expect(sampler.distribution(logits)[best]).toBe(1);
      }
    }
  });

  it('NaN and -Infinity never come; +Infinity takes everything, shared', async () => {
    const logits = Float32Array.from([1, Number.NaN, -Infinity, 1, 0]);
    const one = await createSampler({ seed: 3 });
    const p = one.distribution(logits);
    expect([p[1], p[2]]).toEqual([0, 0]);
    expect(p[0]).toBeCloseTo(1 / (2 + Math.exp(-1)), 6);
    const infinite = Float32Array.from([5, Infinity, Number.NaN, Infinity, -Infinity]);
    for (const options of [{}, { topK: 2 }, { topP: 0.99 }, { typicalP: 0.9 }]) {
      expect(Array.from((await createSampler(options)).distribution(infinite))).toEqual([0, 0.5, 0, 0.5, 0]);
    }
    expect((await createSampler({ temperature: 0 })).next(infinite)).toEqual({ tokenId: 1, logprob: -Math.LN2 });
  });

  it('the largest finite numbers do not overflow', async () => {
    const logits = Float32Array.from({ length: 200 }, (_, id) => (id - 100) * 3e36);
    for (const options of [
      {},
      { topK: 20 },
      { topP: 0.9 },
      { typicalP: 0.5 },
      { temperature: 1e-6, topK: 90, topP: 0.5 },
    ]) {
      expect((await createSampler(options)).distribution(logits)[199]).toBe(1);
    }
  });

  it('extreme penalties leave numbers: what they favour shares everything', async () => {
    const logits = Float32Array.of(-1, 2, 3, 4);
    const sampled = async (options: SamplingOptions) =>
      Array.from((await createSampler(options)).distribution(logits, [1, 3]));
    expect(await sampled({ repetitionPenalty: 1e-40 })).toEqual([0, 0.5, 0, 0.5]);
    expect(await sampled({ presencePenalty: -1e300 })).toEqual([0, 0.5, 0, 0.5]);
    expect((await sampled({ frequencyPenalty: 1e300 })).map((p) => p > 0)).toEqual([true, false, true, false]);
    expect(await sampled({ logitBias: { 0: 3e38 } })).toEqual([1, 0, 0, 0]);
    await expect(createSampler({ logitBias: { 0: 1e39 } })).rejects.toThrow(/logitBias\[0\] is 1e\+39/);
  });

  it('a row with nothing to draw is an error that says so', async () => {
    const sampler = await createSampler({ bannedTokenIds: [0, 1] });
    const invalid = { code: 'INVALID_OPTION' };
    expect(() => sampler.next(new Float32Array([1, 2]))).toThrow(expect.objectContaining(invalid));
    expect(() => sampler.next(new Float32Array([1, 2]))).toThrow(/rule out all 2 tokens/);
    expect(() => sampler.next(new Float32Array(9).fill(Number.NaN))).toThrow(/None of the 9 logits/);
    expect(() => sampler.next(new Float32Array(9).fill(-Infinity))).toThrow(expect.objectContaining(invalid));
    const greedy = await createSampler({ temperature: 0, noRepeatNgramSize: 1 });
    expect(() => greedy.distribution(new Float32Array(2), [0, 1])).toThrow(expect.objectContaining(invalid));
    expect(sampler.next(new Float32Array([1, 2, 3])).tokenId).toBe(2);
  });
});
