import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { countTokens } from '../backends/wasm/testing/count-tokens.ts';
import type { GenerateOptions } from '../loaded-model/generate-options.ts';
import type { GptModel } from '../loaded-model/gpt-model.ts';
import { resolveLoadOptions } from '../loading/load-options.ts';
import { loadModelHere } from '../testing/load-model-here.ts';
import { answerQuestion } from './answer-question.ts';
import { fewShot } from './few-shot.ts';
import { rank } from './rank.ts';
import { summarize } from './summarize.ts';
import { translate } from './translate.ts';
import { zeroShot } from './zero-shot.ts';

let model: GptModel;
beforeAll(async () => {
  model = await loadModelHere('fixtures/gpt2-tiny', resolveLoadOptions({ backend: 'wasm', dtype: 'f32' }));
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

  it('refuses an unknown normalisation', async () => {
    const options = { context: 'x', candidates: ['a', 'b'], normalize: 'mean' as never };
    await expect(rank(model, options)).rejects.toMatchObject({ code: 'INVALID_OPTION' });
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

  it('refuses labels that repeat or are empty, none at all, only one, and a template without {text}', async () => {
    for (const options of [
      { text: 'x', labels: ['a', 'a'] },
      { text: 'x', labels: ['a', ''] },
      { text: 'x', labels: [] },
      { text: 'x', labels: ['a'] },
      { text: 'x', labels: ['a', 'b'], template: 'nothing' },
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

  it('lets outputs take turns where asked, so that what is left out is left out of all but for one', () => {
    const given = ['a1', 'b1', 'a2', 'a3', 'b2'].map((input) => ({ input, output: input[0] }));
    const order = (options: object): string[] =>
      [
        ...fewShot(model, { examples: given, query: 'q', balance: true, ...options }).prompt.matchAll(/Input: (\w\d)/g),
      ].map(([, input]) => input);
    expect(order({})).toEqual(['a1', 'a2', 'b1', 'a3', 'b2']);
    expect(order({ reserveTokens: 160 })).toEqual(['b1', 'a3', 'b2']);
    expect(order({ balance: false })).toEqual(['a1', 'b1', 'a2', 'a3', 'b2']);
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

describe('tasks as text', () => {
  /** The model, but for generate, which says what was asked for and answers with `text`. */
  const answering = (text: string) => {
    const asked: { prompt: string; options: GenerateOptions }[] = [];
    const generate = (prompt: string, options: GenerateOptions) => {
      asked.push({ prompt, options });
      return Promise.resolve({ text });
    };
    const { tokenizer, config } = model;
    return { asked, model: { tokenizer, config, generate } as unknown as GptModel };
  };

  it('translate asks with lines of source = target and takes the first sentence', async () => {
    const { model: stub, asked } = answering(' Bonsoir. Et plus.');
    const examples = [
      { source: 'Good\nmorning.', target: 'Bonjour.' },
      { source: 'Thanks.', target: 'Merci.' },
    ];
    const { translation, shots } = await translate(stub, { text: 'Good evening.', examples });
    expect(asked[0].prompt).toBe('Good morning. = Bonjour.\nThanks. = Merci.\nGood evening. =');
    expect(asked[0].options).toMatchObject({ temperature: 0, stop: ['\n'] });
    expect([translation, shots]).toEqual(['Bonsoir.', 2]);
  });

  it('summarize asks with TL;DR: and keeps three sentences', async () => {
    const { model: stub, asked } = answering(' One. Two! Three? Four.');
    const found = await summarize(stub, { text: 'A long story.', seed: 4 });
    expect(asked[0].prompt).toBe('A long story.\nTL;DR:');
    expect(asked[0].options).toMatchObject({ topK: 2, maxNewTokens: 100, seed: 4 });
    expect(found).toMatchObject({
      summary: 'One. Two! Three?',
      sentences: ['One.', 'Two!', 'Three?'],
      leftOutTokens: 0,
    });
  });

  it('summarize keeps the beginning of a text that does not fit, whole characters only', async () => {
    for (let cut = 0; cut < 5; cut++) {
      const { model: stub, asked } = answering('');
      const text = `${'x'.repeat(cut)}${'é😀'.repeat(60)}`;
      const { leftOutTokens, summary } = await summarize(stub, { text });
      expect(leftOutTokens).toBeGreaterThan(0);
      expect(summary).toBe('');
      const [{ prompt }] = asked;
      expect(text.startsWith(prompt.slice(0, -'\nTL;DR:'.length))).toBe(true);
      expect(model.tokenizer.count(prompt)).toBeLessThanOrEqual(model.config.nCtx - 100);
    }
  });

  it('answerQuestion asks after document and conversation, and drops the oldest turns', async () => {
    const { model: stub, asked } = answering(' A ball.');
    const history = [{ question: 'Who?', answer: 'Tom.' }];
    const { answer, turns } = await answerQuestion(stub, { document: 'Tom has a ball.', question: 'What?', history });
    expect(asked[0].prompt).toBe('Tom has a ball.\n\nQ: Who?\nA: Tom.\nQ: What?\nA:');
    expect([answer, turns]).toEqual(['A ball.', 1]);
    const long = Array.from({ length: 40 }, (_, i) => ({ question: `Q${i}`, answer: `A${i}` }));
    expect((await answerQuestion(stub, { question: 'What?', history: long })).turns).toBeLessThan(40);
    await expect(answerQuestion(stub, { document: 'x'.repeat(300), question: 'y' })).rejects.toMatchObject({
      code: 'CONTEXT_OVERFLOW',
    });
  });

  it('run on a real model', async () => {
    const found = await Promise.all([
      translate(model, { text: 'a', examples: [{ source: 'b', target: 'c' }], maxNewTokens: 4 }),
      summarize(model, { text: 'a story', maxNewTokens: 4, seed: 1 }),
      answerQuestion(model, { question: 'who?', maxNewTokens: 4 }),
    ]);
    for (const { result } of found) expect(result.usage.generatedTokens).toBeGreaterThan(0);
  });
});
