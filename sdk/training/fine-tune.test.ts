import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { GptModel } from '../loaded-model/gpt-model.ts';
import { resolveLoadOptions } from '../loading/load-options.ts';
import { seededRandom } from '../platform/seeded-random.ts';
import { loadModelHere } from '../testing/load-model-here.ts';
import { fineTune } from './fine-tune.ts';
import { loadHead } from './load-head.ts';
import type { TrainingProgress } from './training.ts';

// A body of random weights knows its last word best, so the last word says the label.
const words = { warm: ['red', 'orange', 'yellow'], cold: ['blue', 'green', 'white'] };
const random = seededRandom(5);
const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)];
const texts = Array.from({ length: 120 }, () => `${pick(['a', 'the', 'one'])} ${pick(['cat', 'hat', 'car'])} is`);
const labelled = texts.map((text, i) => {
  const label = i % 2 === 0 ? ('warm' as const) : ('cold' as const);
  return { text: `${text} ${pick(words[label])}`, label };
});

describe('fineTune', () => {
  let model: GptModel;
  beforeAll(async () => {
    model = await loadModelHere('fixtures/gpt2-tiny', resolveLoadOptions({ backend: 'wasm', dtype: 'f32' }));
  });
  afterAll(() => model.dispose());

  it('learns labels, and says how well by what it has not seen', async () => {
    const head = await fineTune(model, labelled);
    expect(head.labels).toEqual(['cold', 'warm']);
    expect(head.evaluation).toMatchObject({ examples: 24, mostFrequent: 0.5 });
    expect(head.evaluation?.accuracy).toBeGreaterThan(0.9);
    expect(head.warnings).toEqual([]);
    const classifier = head.attach(model);
    const [[red], [blue]] = await classifier.classifyBatch(['my dog is red', 'my dog is blue']);
    expect([red.label, blue.label]).toEqual(['warm', 'cold']);
    expect((await model.generate('x', { maxNewTokens: 2 })).tokenIds).toHaveLength(2);
  });

  it('is the same for the same seed', async () => {
    const [first, again] = [await fineTune(model, labelled, { seed: 2 }), await fineTune(model, labelled, { seed: 2 })];
    expect(again.files()).toEqual(first.files());
  });

  it('gives files from which the same head comes', async () => {
    const head = await fineTune(model, labelled);
    const again = await loadHead(head.files());
    expect({ ...again, attach: 0, files: 0 }).toEqual({ ...head, attach: 0, files: 0 });
    const text = 'the hat is green';
    expect(await again.attach(model).classify(text)).toEqual(await head.attach(model).classify(text));
  });

  it('learns every other task', async () => {
    const values = await fineTune(
      model,
      labelled.map(({ text, label }) => ({ text, value: label === 'warm' ? 3 : 1 })),
      { task: 'regression' },
    );
    expect(values.evaluation?.pearson).toBeGreaterThan(0.9);
    expect((await values.attach(model).classify('the cat is red'))[0].score).toBeCloseTo(3, 0);

    const several = await fineTune(
      model,
      labelled.map(({ text, label }) => ({ text, labels: label === 'warm' ? ['warm', 'any'] : ['any'] })),
      { task: 'multi-label' },
    );
    expect(several.evaluation?.accuracy).toBeGreaterThan(0.9);

    const pairs = labelled.map(({ text, label }, i) => ({ premise: texts[i], hypothesis: text, label }));
    const entailing = await fineTune(model, pairs, { task: 'entailment' });
    expect(entailing.evaluation?.accuracy).toBeGreaterThan(0.9);
    const [{ label }] = await entailing.attach(model).entail({ premise: 'a dog is', hypothesis: 'my dog is blue' });
    expect(label).toBe('cold');

    const alike = pairs.map(({ premise, hypothesis, label }) => ({ a: premise, b: hypothesis, label }));
    const similar = await fineTune(model, alike, { task: 'similarity' });
    const both = similar.attach(model);
    const orders = [await both.similarity({ a: 'x', b: 'y' }), await both.similarity({ a: 'y', b: 'x' })];
    expect(orders[0][0].label).toBe(orders[1][0].label);
    expect(orders[0][0].score).toBeCloseTo(orders[1][0].score, 5);

    const choices = labelled.map(({ label }, i) => ({
      context: texts[i],
      answers: label === 'warm' ? [pick(words.warm), pick(words.cold)] : [pick(words.cold), pick(words.warm)],
      answer: label === 'warm' ? 0 : 1,
    }));
    const choosing = await fineTune(model, choices, { task: 'choice' });
    expect(choosing.evaluation?.accuracy).toBeGreaterThan(0.9);
    const [{ index }] = await choosing.attach(model).choose({ context: 'the car is', answers: ['blue', 'red'] });
    expect(index).toBe(1);
  });

  it('tells how far it is', async () => {
    const seen: TrainingProgress[] = [];
    const training = fineTune(model, labelled);
    for await (const progress of training) seen.push(progress);
    const reading = seen.filter(({ stage }) => stage === 'hidden-states');
    expect(reading.at(-1)).toMatchObject({ step: 120, steps: 120, secondsLeft: 0 });
    expect(seen.at(-1)).toMatchObject({ stage: 'fit', step: seen.length - reading.length });
    expect(seen.at(-1)?.loss).toBeLessThan(Math.LN2);
    expect((await training).labels).toHaveLength(2);
  });

  it('stands still while it is paused, and ends for an abort all the same', async () => {
    const stop = new AbortController();
    const training = fineTune(model, labelled, { signal: stop.signal });
    const seen: TrainingProgress[] = [];
    const reading = (async () => {
      for await (const progress of training) {
        if (seen.push(progress) === 1) training.pause();
      }
    })();
    await vi.waitFor(() => expect(seen.length).toBeGreaterThan(0));
    await new Promise((resolve) => setTimeout(resolve, 100));
    const before = seen.length;
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(seen.length).toBe(before);
    training.resume();
    await vi.waitFor(() => expect(seen.length).toBeGreaterThan(before));
    training.pause();
    stop.abort();
    await expect(reading).rejects.toMatchObject({ name: 'AbortError' });
    await expect(training).rejects.toMatchObject({ name: 'AbortError' });
    expect((await model.generate('x', { maxNewTokens: 1 })).finishReason).toBe('length');
  });

  it('weighs labels as asked', async () => {
    const uneven = labelled.filter(({ label }, i) => label === 'warm' || i % 12 === 1);
    const sureness = async (classWeights?: 'balanced') => {
      const head = await fineTune(model, uneven, { classWeights, l2: 1 });
      const scores = await head.attach(model).classify('a cat is');
      return scores.find(({ label }) => label === 'cold')?.score ?? Number.NaN;
    };
    expect(await sureness('balanced')).toBeGreaterThan(await sureness());
  });

  it('says what is doubtful in the examples', async () => {
    const doubtful = [
      ...labelled.slice(0, 20),
      { text: 'so '.repeat(300), label: 'warm' },
      { text: labelled[0].text, label: 'cold' },
      { text: 'a rare one', label: 'odd' },
    ];
    const { warnings } = await fineTune(model, doubtful);
    expect(warnings).toEqual([
      expect.stringMatching(/^1 example is longer than the context of \d+ tokens and was cut \(examples\[20\]\)/),
      expect.stringMatching(/same text has different labels in examples\[21\]/),
      expect.stringMatching(/^'odd' has one example only/),
    ]);
  });

  it('refuses another body', async () => {
    const head = await fineTune(model, labelled);
    const other = await loadModelHere('fixtures/gpt1-tiny', resolveLoadOptions({ backend: 'wasm', dtype: 'f32' }));
    expect(() => head.attach(other)).toThrow(/trained on another body \(gpt2, /);
    await other.dispose();
  });

  it.each<[object, RegExp]>([
    [{ task: 'sorting' }, /task is 'sorting'/],
    [{ startToken: '<begin>' }, /startToken is '<begin>', which the tokenizer does not have .* Method 'full' adds/],
    [{ method: 'lora', extractToken: '<end>' }, /extractToken is '<end>', which the tokenizer does not have/],
    [{ classWeights: { hot: 2 } }, /names 'hot', which no example has; the labels are 'cold', 'warm'/],
    [{ heldOut: 1 }, /heldOut is 1/],
    [{ epochs: 3 }, /epochs is an option of method 'lora' and 'full'/],
    [{ epoch: 3 }, /no option 'epoch'; did you mean 'epochs'/],
  ])('refuses %o', async (options, message) => {
    await expect(fineTune(model, labelled, options)).rejects.toThrow(message);
  });
});

describe('loadHead', () => {
  it.each<[string, Record<string, string>, string, RegExp]>([
    ['no config.json', {}, 'MODEL_NOT_FOUND', /config\.json/],
    ['that of a whole classifier', { 'config.json': '{"id2label":{"0":"a"}}' }, 'BAD_CHECKPOINT', /loadClassifier/],
    [
      'no weights',
      { 'config.json': '{"id2label":{"0":"a"},"gptlet":{"task":"classification","body":{"nEmbd":4}}}' },
      'MODEL_NOT_FOUND',
      /model\.safetensors/,
    ],
  ])('says that there is %s', async (_, files, code, message) => {
    const source = Object.fromEntries(
      Object.entries(files).map(([name, text]) => [name, new TextEncoder().encode(text)]),
    );
    await expect(loadHead(source)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });
});
