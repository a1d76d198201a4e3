import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { countTokens } from '../backends/wasm/testing/count-tokens.ts';
import { softmax } from '../loaded-model/softmax.ts';
import { resolveLoadOptions } from '../loading/load-options.ts';
import type { HeadConfig, Truncation } from '../model/config.ts';
import { loadModelHere } from '../testing/load-model-here.ts';
import { type Classifier, createClassifier } from './classifier.ts';
import { checkInputFormat } from './input-format.ts';
import { scoreLabels } from './label-scores.ts';

const golden = '../shared/data/golden/hub';
const folders = [
  ...['gpt2-classifier', 'gpt1-classifier', 'gpt-neo-classifier'].map((name) => `fixtures/${name}`),
  ...['gpt2', 'gpt1', 'gpt-neo'].map((name) => `${golden}/${name}-sequence-classification`),
];
const load = (folder: string, dtype: 'f32' | 'q8' = 'f32') =>
  loadModelHere(folder, resolveLoadOptions({ backend: 'wasm', dtype }));

// The golden folder is absent on a user's machine; the fixtures are the project's own.
describe.each(folders)('%s', (folder) => {
  it.skipIf(!existsSync(folder))('gives the reference logits for rows of every length, to 1e-4', async () => {
    const { rows } = JSON.parse(readFileSync(`${folder}/expected.json`, 'utf8')) as {
      rows: { ids: number[]; logits: number[] }[];
    };
    const model = await load(folder);
    for (const { ids, logits } of rows) {
      const ours = await model.classifyIds(ids);
      expect(ours.length).toBe(logits.length);
      for (const [i, logit] of logits.entries()) expect(Math.abs(ours[i] - logit)).toBeLessThan(1e-4);
    }
    // All at once, in both orders, with lengths from 1 to the context's.
    const ascending = await model.classifyIdsBatch(rows.map(({ ids }) => ids));
    const descending = await model.classifyIdsBatch(rows.map(({ ids }) => ids).reverse());
    for (const [r, { logits }] of rows.entries()) {
      for (const [i, logit] of logits.entries()) {
        expect(Math.abs(ascending[r][i] - logit)).toBeLessThan(1e-4);
        expect(Math.abs(descending[rows.length - 1 - r][i] - logit)).toBeLessThan(1e-4);
      }
    }
    await model.dispose();
  });
});

describe('batches', () => {
  let classifier: Classifier;
  beforeAll(async () => {
    classifier = createClassifier(await load('models/sentiment', 'q8'));
  });
  afterAll(() => classifier.dispose());
  const texts = [
    'A lovely film.',
    '',
    'Dull.',
    'I would watch it again and again '.repeat(9),
    'Not bad, not good',
    'x',
  ];

  it('give each text the scores that it gets alone, in the order given, and tell how far they are', async () => {
    const alone = [];
    for (const text of texts) alone.push(await classifier.classify(text));
    expect(await classifier.classifyBatch(texts)).toEqual(alone);
    const reversed = await classifier.classifyBatch([...texts].reverse());
    expect(reversed.reverse()).toEqual(alone);
    const told: number[] = [];
    await classifier.classifyBatch(Array(400).fill(texts[0]), { topK: 1, onProgress: ({ done }) => told.push(done) });
    expect(told.at(-1)).toBe(400);
    expect(told.length).toBeGreaterThan(1);
    expect(await classifier.classifyBatch([])).toEqual([]);
  });

  it('run choose over the context once and then the answers, in one pass', async () => {
    const context = 'He went to the cinema and sat down. '.repeat(18);
    const answers = ['It was good.', 'It was not good at all.', 'He slept.', 'Then he went home again.'];
    // A model that holds nothing yet.
    const fresh = createClassifier(await load('models/sentiment', 'q8'));
    const count = (text: string): number => fresh.model.tokenizer.count(text);
    expect(count(context)).toBeGreaterThan(150);
    const { tokens, passes } = await countTokens(() => fresh.choose({ context, answers }));
    // Start, context, delimiter; then the answers, each with its extract token.
    const apart = answers.reduce((sum, answer) => sum + count(answer) + 1, 0);
    expect(tokens).toBe(1 + count(context) + 1 + apart);
    expect(passes).toBe(Math.ceil((count(context) + 2) / 128) + 1);
    // The next question about the same context pays for nothing but its answers.
    const { tokens: again } = await countTokens(() => fresh.choose({ context, answers: [...answers].reverse() }));
    expect(again).toBe(apart);
    await fresh.dispose();
    const chosen = await classifier.choose({ context, answers });
    for (const answer of answers) {
      const index = answers.indexOf(answer);
      const pair = await classifier.choose({ context, answers: [answer, answers[0]] });
      const ratio = (scores: typeof pair, i: number): number => scores.find((score) => score.index === i)?.score ?? 0;
      if (index > 0) expect(ratio(pair, 0) / ratio(pair, 1)).toBeCloseTo(ratio(chosen, index) / ratio(chosen, 0), 3);
    }
  });

  it('let an abort through', async () => {
    const signal = AbortSignal.abort();
    await expect(classifier.classifyBatch(texts, { signal })).rejects.toMatchObject({ name: 'AbortError' });
  });
});

describe('a classifier', () => {
  it('needs a head', async () => {
    const model = await load('fixtures/gpt2-tiny');
    expect(() => createClassifier(model)).toThrow(expect.objectContaining({ code: 'UNSUPPORTED_MODEL' }));
    await model.dispose();
  });

  it('needs a tokenizer for texts, not for ids', async () => {
    const model = await load('fixtures/gpt2-classifier');
    const classifier = createClassifier(model);
    await expect(classifier.classify('text')).rejects.toMatchObject({ code: 'BAD_TOKENIZER' });
    expect((await classifier.classifyIds([1, 2, 3])).length).toBe(classifier.labels.length);
    await model.dispose();
  });
});

describe('the sentiment model', () => {
  let classifier: Classifier;
  beforeAll(async () => {
    classifier = createClassifier(await load('models/sentiment', 'q8'));
  });
  afterAll(() => classifier.dispose());

  it.each([
    ['an empty text', ''],
    ['white space', ' \n\t '],
    ['HTML in a review', '<br /><br />A <i>wonderful</i> film &amp; a <b>great</b> cast.<br />'],
    ['its own special tokens spelt out', '<|extract|><|start|>bad<|endoftext|>'],
    ['Greek', 'Μια υπέροχη ταινία με εξαιρετικούς ηθοποιούς.'],
    ['Japanese', 'とても素晴らしい映画でした。'],
    ['emoji and lone surrogates', '😀👍🏽 \ud800 👎'],
    ['one letter 5,000 times', 'a'.repeat(5000)],
    ['a text of many contexts', 'What a dull, endless film. '.repeat(300)],
  ])('gives probabilities for %s', async (_, text) => {
    for (const truncation of ['head', 'tail', 'both', 'windows'] as const) {
      const scores = await classifier.classify(text, { truncation });
      expect(scores.map(({ label }) => label).sort()).toEqual(['negative', 'positive']);
      for (const { score } of scores) expect(score >= 0 && score <= 1).toBe(true);
      expect(scores[0].score + scores[1].score).toBeCloseTo(1, 6);
    }
  });

  it('hears both ends of a long text only where they are kept', async () => {
    const glad = 'A wonderful, moving and beautiful film, one of the best. ';
    const sorry = 'A terrible, boring and awful film, one of the worst. ';
    const positive = async (truncation: Truncation) => {
      const scores = await classifier.classify(glad.repeat(30) + sorry.repeat(30), { truncation });
      return scores.find(({ label }) => label === 'positive')?.score as number;
    };
    expect(await positive('head')).toBeGreaterThan(0.8);
    expect(await positive('tail')).toBeLessThan(0.2);
    const windows = await positive('windows');
    expect(windows).toBeGreaterThan(await positive('tail'));
    expect(windows).toBeLessThan(await positive('head'));
  });

  it('scores a long text the same alone and in a batch of others', async () => {
    const long = 'Not bad at all, to be honest. '.repeat(60);
    const texts = ['Fine.', long, '', 'A waste of time.', long.slice(0, 900)];
    const batch = await classifier.classifyBatch(texts, { truncation: 'windows' });
    for (const [i, text] of texts.entries()) {
      const [alone] = await classifier.classify(text, { truncation: 'windows' });
      expect(batch[i][0].label).toBe(alone.label);
      expect(Math.abs(batch[i][0].score - alone.score)).toBeLessThan(1e-3);
    }
  });

  it('refuses a truncation that there is not', async () => {
    await expect(classifier.classify('text', { truncation: 'middle' as Truncation })).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      message: expect.stringContaining("'middle'"),
    });
  });
});

describe('the gptlet entry of config.json', () => {
  it.each([
    [{ truncation: 'middle' }, /truncation is 'middle'/],
    [{ temperature: 0 }, /temperature is 0/],
    [{ temperature: '1.5' }, /temperature is '1.5'/],
  ])('is refused with %j', (named, message) => {
    expect(() => checkInputFormat(named as never)).toThrow(message);
  });
});

describe('label scores', () => {
  const head = (problemType?: HeadConfig['problemType']): HeadConfig => ({
    kind: 'sequence-classification',
    labels: ['no', 'yes'],
    bias: false,
    ...(problemType ? { problemType } : {}),
  });

  it('sum to 1, best first', () => {
    const scores = scoreLabels([1, 3], head(), 1);
    expect(scores.map(({ label }) => label)).toEqual(['yes', 'no']);
    expect(scores[0].score + scores[1].score).toBeCloseTo(1, 12);
    expect(scores[0].score).toBeCloseTo(1 / (1 + Math.exp(-2)), 12);
  });

  it('stand each for themselves with several labels, and are the values themselves in a regression', () => {
    expect(scoreLabels([0, 2], head('multi_label_classification'), 1).map(({ score }) => score)).toEqual([
      1 / (1 + Math.exp(-2)),
      0.5,
    ]);
    expect(scoreLabels([0.25, 4], head('regression'), 1).map(({ score }) => score)).toEqual([4, 0.25]);
  });

  it('are softer with a temperature above 1, and stand large logits', () => {
    expect(softmax([0, 2], 2)[1]).toBeCloseTo(softmax([0, 1])[1], 12);
    expect(softmax([1e4, 0])).toEqual([1, 0]);
  });
});
