import { describe, expect, it } from 'vitest';
import { createSampler, type SamplingOptions } from './create-sampler.ts';
import { gaussianLogits, referenceDistribution } from './reference/reference-distribution.ts';

const DRAWS = 100_000;

/** Options, and a fixed seed each: a test that passes once passes always. */
const methods: SamplingOptions[] = [
  {},
  { temperature: 0.5 },
  { temperature: 1.7 },
  { topK: 8 },
  { topP: 0.8 },
  { minP: 0.1 },
  { typicalP: 0.6 },
  { repetitionPenalty: 1.5 },
  { presencePenalty: 1, frequencyPenalty: 0.5 },
  { noRepeatNgramSize: 2 },
  { logitBias: { 2: 2, 5: -1 } },
  { bannedTokenIds: [1, 4, 9] },
  { topK: 12, topP: 0.9 },
  { temperature: 1.3, topK: 20, topP: 0.95, minP: 0.05 },
  { temperature: 0.8, topP: 0.95, typicalP: 0.7 },
  { repetitionPenalty: 1.2, temperature: 0.9, topK: 30, topP: 0.95 },
];

/** Chi-square of the draws against the exact probabilities, tokens that are expected under 5 times pooled. */
function chiSquare(counts: Uint32Array, exact: number[]): { statistic: number; freedom: number } {
  let statistic = 0;
  let freedom = -1;
  let rareExpected = 0;
  let rareCount = 0;
  const add = (expected: number, count: number): void => {
    statistic += (count - expected) ** 2 / expected;
    freedom++;
  };
  exact.forEach((p, id) => {
    if (p === 0) return;
    if (p * DRAWS >= 5) {
      add(p * DRAWS, counts[id]);
    } else {
      rareExpected += p * DRAWS;
      rareCount += counts[id];
    }
  });
  if (rareExpected > 0.5) add(rareExpected, rareCount);
  return { statistic, freedom };
}

describe(`${DRAWS.toLocaleString('en')} draws follow the exact probabilities (chi-square, p > 1e-4)`, () => {
  for (const [i, options] of methods.entries()) {
    it(JSON.stringify(options), async () => {
      const logits = gaussianLogits(60, 1.5, 40 + i);
      const history = [2, 5, 7, 2, 5, 9, 2];
      const sampler = await createSampler({ ...options, seed: 1000 + i });
      const exact = referenceDistribution(logits, history, options);
      const counts = new Uint32Array(60);
      for (let n = 0; n < DRAWS; n++) counts[sampler.next(logits, history).tokenId]++;
      expect(counts.filter((count, id) => count > 0 && exact[id] === 0).length).toBe(0);
      const { statistic, freedom } = chiSquare(counts, exact);
      // Wilson and Hilferty: the cube root of chi-square over its freedom is nearly normal; 3.72 is p = 1e-4.
      const spread = 2 / (9 * freedom);
      const deviations = (Math.cbrt(statistic / freedom) - (1 - spread)) / Math.sqrt(spread);
      expect(deviations).toBeLessThan(3.72);
    });
  }
});

describe('seeds', () => {
  const logits = gaussianLogits(500, 2, 9);
  const stream = async (seed: number, n = 40): Promise<number[]> => {
    const sampler = await createSampler({ seed });
    return Array.from({ length: n }, () => sampler.next(logits).tokenId);
  };

  it('the same seed gives the same draws, another gives others, up to 53 bits and below zero', async () => {
    const seeds = [0, 1, 2, -1, 2 ** 32, 2 ** 32 + 1, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER];
    const streams = await Promise.all(seeds.map((seed) => stream(seed)));
    expect(await Promise.all(seeds.map((seed) => stream(seed)))).toEqual(streams);
    expect(new Set(streams.map(String)).size).toBe(seeds.length);
  });

  it('is SplitMix64 as published: the uniform numbers of seed 42 pick these tokens', async () => {
    // Drawing from 2^16 equal logits shows the leading 16 bits of each number.
    const flat = new Float32Array(65536);
    const sampler = await createSampler({ seed: 42 });
    const drawn = Array.from({ length: 4 }, () => sampler.next(flat).tokenId);
    const M = (1n << 64n) - 1n;
    const mix = (x: bigint): bigint => {
      let z = x;
      z = ((z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n) & M;
      z = ((z ^ (z >> 27n)) * 0x94d049bb133111ebn) & M;
      return z ^ (z >> 31n);
    };
    const start = mix(42n);
    const expected = [1n, 2n, 3n, 4n].map((i) => Number(mix((start + i * 0x9e3779b97f4a7c15n) & M) >> 48n));
    expect(drawn).toEqual(expected);
  });

  it('samplers share memory but not their streams or their vocabulary', async () => {
    const alone = await stream(5);
    const one = await createSampler({ seed: 5 });
    const two = await createSampler({ seed: 6, topK: 3, repetitionPenalty: 2 });
    const mixed = alone.map(() => {
      two.next(gaussianLogits(50257, 1, 3), [1, 2, 3]);
      return one.next(logits).tokenId;
    });
    expect(mixed).toEqual(alone);
  });

  it('reseed and reset begin again; without a seed each sampler has its own', async () => {
    const sampler = await createSampler({ seed: 5 });
    const first = Array.from({ length: 10 }, () => sampler.next(logits).tokenId);
    sampler.setMask(new Uint32Array(1).fill(1));
    sampler.reset();
    expect(Array.from({ length: 10 }, () => sampler.next(logits).tokenId)).toEqual(first);
    sampler.reseed(6);
    expect(Array.from({ length: 40 }, () => sampler.next(logits).tokenId)).toEqual(await stream(6));
    const [a, b] = [await createSampler(), await createSampler()];
    expect(a.options.seed).not.toBe(b.options.seed);
  });
});
