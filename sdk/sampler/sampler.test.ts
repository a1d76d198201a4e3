import { describe, expect, it } from 'vitest';
import { createSampler, type SamplingOptions } from './create-sampler.ts';
import { gaussianLogits, referenceDistribution, softmax } from './reference/reference-distribution.ts';

describe('log-probabilities', () => {
  it("are the model's own, whatever the options", async () => {
    const logits = gaussianLogits(50257, 3, 1);
    const exact = softmax(Array.from(logits)).map(Math.log);
    const sampler = await createSampler({ temperature: 0.5, topK: 50, logitBias: { 7: 3 }, seed: 1 });
    for (let i = 0; i < 20; i++) {
      const { tokenId, logprob } = sampler.next(logits);
      expect(Math.abs(logprob - exact[tokenId])).toBeLessThan(2e-6);
    }
  });

  it('the best n come in order, the lower id first of equals', async () => {
    const logits = gaussianLogits(2000, 3, 2);
    logits[1500] = logits[12] = 40;
    const sampler = await createSampler({ bannedTokenIds: [12] });
    const exact = softmax(Array.from(logits)).map(Math.log);
    const order = exact.map((_, id) => id).sort((a, b) => exact[b] - exact[a] || a - b);
    for (const n of [0, 1, 5, 20]) {
      const best = sampler.topLogprobs(logits, n);
      expect(best.map(({ tokenId }) => tokenId)).toEqual(order.slice(0, n));
      for (const { tokenId, logprob } of best) expect(logprob).toBeCloseTo(exact[tokenId], 5);
    }
    expect(sampler.topLogprobs(new Float32Array([1, -Infinity, 3]), 20).map(({ tokenId }) => tokenId)).toEqual([2, 0]);
    expect(() => sampler.topLogprobs(logits, 21)).toThrow(/logprobs is 21; it must be a whole number from 0 to 20/);
  });

  it('scores are log-softmax with the penalties applied to it', async () => {
    const logits = gaussianLogits(100, 3, 4);
    const sampler = await createSampler({ repetitionPenalty: 1.5, bannedTokenIds: [9], temperature: 0.1, topK: 3 });
    const exact = softmax(Array.from(logits)).map(Math.log);
    const scores = sampler.scores(logits, [4, 5, 4]);
    expect(scores[9]).toBe(-Infinity);
    expect(scores[4]).toBeCloseTo(exact[4] * 1.5, 4);
    expect(scores[6]).toBeCloseTo(exact[6], 4);
  });
});

describe('masks and suppressed ids', () => {
  const logits = gaussianLogits(1000, 2, 3);

  it('only what the mask allows comes, before the filters; past its end nothing is allowed', async () => {
    const mask = new Uint32Array(20);
    const allowed = [3, 31, 32, 500, 639];
    for (const id of allowed) mask[id >> 5] |= 1 << (id & 31);
    for (const options of [{}, { topK: 3 }, { topP: 0.9 }, { typicalP: 0.9 }] as SamplingOptions[]) {
      const sampler = await createSampler(options);
      sampler.setMask(mask);
      const others = Array.from(logits, (x, id) => (allowed.includes(id) ? x : -Infinity));
      const expected = referenceDistribution(others, [], options);
      for (const [id, p] of sampler.distribution(logits).entries()) expect(p).toBeCloseTo(expected[id], 6);
      sampler.setMask(undefined);
      expect(sampler.distribution(logits)).toEqual((await createSampler(options)).distribution(logits));
    }
  });

  it('suppressed ids do not come until the list is replaced', async () => {
    const sampler = await createSampler({ temperature: 0 });
    const first = sampler.next(logits).tokenId;
    sampler.setSuppressed([first]);
    const second = sampler.next(logits).tokenId;
    expect(second).not.toBe(first);
    sampler.setSuppressed([]);
    expect(sampler.next(logits).tokenId).toBe(first);
  });
});

describe('bad input', () => {
  const bad: [SamplingOptions, RegExp][] = [
    [{ temperature: -1 }, /temperature is -1; it must be a finite number from 0/],
    [{ temperature: Number.NaN }, /temperature is NaN/],
    [{ temperature: '1' as never }, /temperature is '1'/],
    [{ topK: 1.5 }, /topK is 1.5; it must be a whole number from 0/],
    [{ topK: -1 }, /topK is -1/],
    [{ topP: 1.01 }, /topP is 1.01; it must be a number from 0 to 1/],
    [{ topP: -0.1 }, /topP/],
    [{ minP: 2 }, /minP is 2/],
    [{ typicalP: 0 }, /typicalP is 0; it must be a number above 0/],
    [{ repetitionPenalty: 0 }, /repetitionPenalty is 0; it must be a finite number above 0/],
    [{ presencePenalty: Infinity }, /presencePenalty is Infinity/],
    [{ frequencyPenalty: Number.NaN }, /frequencyPenalty is NaN/],
    [{ noRepeatNgramSize: -2 }, /noRepeatNgramSize is -2/],
    [{ seed: 0.5 }, /seed is 0.5; it must be a whole number/],
    [{ seed: 2 ** 60 }, /seed is/],
    [{ logitBias: { a: 1 } as never }, /a key of logitBias is 'a'; it must be a token id/],
    [{ logitBias: { 5: Infinity } }, /logitBias\[5\] is Infinity/],
    [{ bannedTokenIds: [3, -1] }, /bannedTokenIds\[1\] is -1/],
    [{ bannedTokenIds: 3 as never }, /bannedTokenIds is 3; it must be an array/],
    [null as never, /options is null/],
  ];
  for (const [options, message] of bad) {
    it(`${JSON.stringify(options)} is INVALID_OPTION`, async () => {
      const error = await createSampler(options).catch((thrown) => thrown);
      expect(error).toMatchObject({ name: 'GptletError', code: 'INVALID_OPTION' });
      expect(error.message).toMatch(message);
    });
  }

  it('logits, ids of options and of the history are checked at the draw', async () => {
    const sampler = await createSampler({ logitBias: { 10: 1 }, repetitionPenalty: 2 });
    const invalid = expect.objectContaining({ code: 'INVALID_OPTION' });
    expect(() => sampler.next([1, 2] as never)).toThrow(invalid);
    expect(() => sampler.next(new Float32Array(0))).toThrow(invalid);
    expect(() => sampler.next(new Float32Array(10))).toThrow(/is 10; it must be an id below 10/);
    expect(() => sampler.next(new Float32Array(20), [1, 20])).toThrow(
      /history\[1\] is 20; it must be a token id below 20/,
    );
    expect(() => sampler.next(new Float32Array(20), [-1])).toThrow(invalid);
    expect(sampler.next(new Float32Array(20), [1]).tokenId).toBeLessThan(20);
  });

  it('after dispose every call is DISPOSED', async () => {
    const sampler = await createSampler();
    sampler.dispose();
    expect(() => sampler.next(new Float32Array(2))).toThrow(expect.objectContaining({ code: 'DISPOSED' }));
    expect(() => sampler.reseed(1)).toThrow(expect.objectContaining({ code: 'DISPOSED' }));
  });
});
