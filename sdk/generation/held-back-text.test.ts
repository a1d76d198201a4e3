// Text that could be the beginning of a stop text is held back. However the run ends, it is in the stream and in the result alike.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GenerateOptions } from '../loaded-model/generate-options.ts';
import type { GenerationResult } from '../loaded-model/generation.ts';
import type { GptModel } from '../loaded-model/gpt-model.ts';
import { resolveLoadOptions } from '../loading/load-options.ts';
import { loadModelHere } from '../testing/load-model-here.ts';

describe('text held back for a stop text', () => {
  const prompt = [1, 5, 9, 2, 7];
  const greedy = { temperature: 0, maxNewTokens: 40 };
  let model: GptModel;
  let plain: GenerationResult;
  beforeAll(async () => {
    model = await loadModelHere('fixtures/gpt2-tiny', resolveLoadOptions({ backend: 'wasm', dtype: 'f32' }));
    plain = await model.generate(prompt, greedy);
  });
  afterAll(() => model.dispose());

  /** What both views of one run give; the signal fires some turns after the first part. */
  async function both(options: GenerateOptions, abort?: AbortController) {
    const generation = model.generate(prompt, { ...greedy, ...options, signal: abort?.signal });
    let [text, tokenIds, logprobs] = ['', [] as number[], 0];
    for await (const part of generation) {
      text += part.text;
      tokenIds.push(...part.tokenIds);
      logprobs += part.logprobs?.length ?? 0;
      if (abort) setTimeout(() => abort.abort());
    }
    return { streamed: { text, tokenIds }, logprobs, result: await generation };
  }

  /** Begins like the end of `text`, and does not come. */
  const beginsLike = (text: string): string => `${text.slice(-4)}\u{1F600} never`;

  it.each([
    ['alone', {}],
    ['with log-probabilities', { logprobs: 2 }],
    ['of which several begin so', { stop: ['never', 'x never'] }],
  ])('comes when the run ends by its length, %s', async (_, options) => {
    const stop = [beginsLike(plain.text), ...('stop' in options ? options.stop : [])];
    const { streamed, result, logprobs } = await both({ ...options, stop });
    expect(result).toMatchObject({ text: plain.text, tokenIds: plain.tokenIds, finishReason: 'length' });
    expect(streamed).toEqual({ text: plain.text, tokenIds: plain.tokenIds });
    expect(logprobs).toBe('logprobs' in options ? 40 : 0);
  });

  it('comes when the run ends by an end-of-text token', async () => {
    const at = plain.tokenIds.findIndex((id, i) => i > 8 && plain.tokenIds.indexOf(id) === i);
    const text = model.tokenizer.decode(plain.tokenIds.slice(0, at));
    const { streamed, result } = await both({ stop: [beginsLike(text)], stopTokenIds: [plain.tokenIds[at]] });
    expect(result).toMatchObject({ text, tokenIds: plain.tokenIds.slice(0, at), finishReason: 'stop' });
    expect(streamed).toEqual({ text, tokenIds: result.tokenIds });
  });

  it('comes when the run is aborted, with every token that the result has', async () => {
    const { text } = await model.generate(prompt, { ...greedy, maxNewTokens: 250 });
    // All but the first character is held back.
    const stop = [`${text.slice(1)} never`];
    const { streamed, result } = await both({ stop, maxNewTokens: 250 }, new AbortController());
    expect(result.finishReason).toBe('aborted');
    expect(result.tokenIds.length).toBeGreaterThan(1);
    expect(result.text).toBe(model.tokenizer.decode(result.tokenIds));
    expect(streamed).toEqual({ text: result.text, tokenIds: result.tokenIds });
  });

  it('comes in each of several sequences', async () => {
    const options = { numSequences: 3, seed: 4, temperature: 1, maxNewTokens: 20 };
    const free = (await model.generate(prompt, options)).sequences ?? [];
    const stop = free.map(({ text }) => beginsLike(text));
    const { streamed, result } = await both({ ...options, stop });
    expect(result.sequences).toEqual(free);
    expect(streamed).toEqual({ text: free[0].text, tokenIds: free[0].tokenIds });
  });

  it('an abort in a later sequence is one of the call, which keeps the sequences that it has', async () => {
    const abort = new AbortController();
    const options = { numSequences: 3, seed: 4, temperature: 1, maxNewTokens: 100, signal: abort.signal };
    const generation = model.generate(prompt, options);
    let streamed = 0;
    for await (const { tokenIds } of generation) {
      streamed += tokenIds.length;
      if (streamed === 100) setTimeout(() => abort.abort());
    }
    const { finishReason, tokenIds, sequences = [] } = await generation;
    expect({ finishReason, first: tokenIds.length }).toEqual({ finishReason: 'aborted', first: 100 });
    expect(sequences[0].tokenIds).toEqual(tokenIds);
    expect(sequences[1].tokenIds.length).toBeLessThan(100);
    expect(sequences).toHaveLength(2);
  });

  it('comes in beams', async () => {
    const options = { numBeams: 3, numSequences: 3, maxNewTokens: 12 };
    const free = (await model.generate(prompt, options)).sequences ?? [];
    const stop = free.map(({ text }) => beginsLike(text));
    // Scores differ by the rounding of a prompt that is in the cache.
    const found = (await both({ ...options, stop })).result.sequences ?? [];
    expect(found.map(({ text, tokenIds }) => ({ text, tokenIds }))).toEqual(
      free.map(({ text, tokenIds }) => ({ text, tokenIds })),
    );
  });
});

describe('a stop text', () => {
  let model: GptModel;
  beforeAll(async () => {
    model = await loadModelHere('models/default', resolveLoadOptions({ backend: 'wasm' }));
  });
  afterAll(() => model.dispose());

  const greedy = { temperature: 0, maxNewTokens: 30 };
  const prompt = 'Once upon a time';

  it('may be the beginning of another, in either order: the shorter one is reached first', async () => {
    const { text } = await model.generate(prompt, greedy);
    const [short, long] = [text.slice(20, 24), text.slice(20, 29)];
    for (const stop of [
      [short, long],
      [long, short],
      [short, `${short}never`],
    ])
      expect(await model.generate(prompt, { ...greedy, stop })).toMatchObject({
        text: text.slice(0, text.indexOf(short)),
        finishReason: 'stop',
      });
  });

  it('is found wherever it begins and ends in tokens', async () => {
    const { text } = await model.generate(prompt, greedy);
    for (let from = 8; from < 20; from++) {
      const stop = text.slice(from, from + 11);
      const { text: shown, finishReason } = await model.generate(prompt, { ...greedy, stop: [stop] });
      expect([shown, finishReason]).toEqual([text.slice(0, text.indexOf(stop)), 'stop']);
    }
  });

  it('at the end of the prompt is no end, nor is one that the prompt begins and the text completes', async () => {
    const { text } = await model.generate(prompt, greedy);
    for (const stop of ['time', 'e', `time${text.slice(0, 5)}`]) {
      const shown = (await model.generate(prompt, { ...greedy, stop: [stop] })).text;
      const at = text.indexOf(stop);
      expect(shown).toBe(at < 0 ? text : text.slice(0, at));
    }
    expect(text.indexOf('time')).not.toBe(0);
  });

  it('cuts what a beam search found', async () => {
    const options = { numBeams: 3, numSequences: 3, maxNewTokens: 12 };
    const free = (await model.generate(prompt, options)).sequences ?? [];
    const stop = free[0].text.slice(6, 10);
    const { text, finishReason, sequences = [] } = await model.generate(prompt, { ...options, stop: [stop] });
    expect([text, finishReason]).toEqual([free[0].text.slice(0, free[0].text.indexOf(stop)), 'stop']);
    expect(sequences.map((sequence) => sequence.text)).toEqual(free.map((sequence) => sequence.text.split(stop)[0]));
  });

  it('cuts each of several sequences where it comes in it', async () => {
    const options = { numSequences: 4, seed: 2, maxNewTokens: 30 };
    const free = (await model.generate(prompt, options)).sequences ?? [];
    const stop = ['the', '.'];
    // Random numbers go on from one sequence to the next: only the first one is that of the free run.
    const { sequences = [], finishReason } = await model.generate(prompt, { ...options, stop });
    const ends = stop.map((text) => free[0].text.indexOf(text)).filter((at) => at >= 0);
    expect(sequences[0].text).toBe(ends.length > 0 ? free[0].text.slice(0, Math.min(...ends)) : free[0].text);
    expect(finishReason).toBe(ends.length > 0 ? 'stop' : 'length');
    expect(sequences).toHaveLength(4);
    let cut = 0;
    for (const { text, tokenIds } of sequences) {
      const whole = model.tokenizer.decode(tokenIds);
      expect(whole.startsWith(text)).toBe(true);
      expect(stop.some((one) => text.includes(one))).toBe(false);
      if (text !== whole) cut++;
    }
    expect(cut).toBeGreaterThan(1);
  });
});
