import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resolveLoadOptions } from '../loading/load-options.ts';
import { classifyOptions } from '../options/table.ts';
import { loadModelHere } from '../testing/load-model-here.ts';
import { type Classifier, createClassifier } from './classifier.ts';

// What TypeScript would not let through.

const nothing = undefined as never;
const none = null as never;
const misspelt = { topk: 1 } as never;

describe('a classifier', () => {
  let classifier: Classifier;
  beforeAll(async () => {
    const options = resolveLoadOptions({ backend: 'wasm', dtype: 'f32' });
    classifier = createClassifier(await loadModelHere('fixtures/gpt2-entailment-classifier', options));
  });
  afterAll(() => classifier.dispose());

  const pair = { premise: 'x', hypothesis: 'y' };
  const task = { context: 'x', answers: ['a', 'b'] };
  it.each<[string, RegExp, () => Promise<unknown>]>([
    ['no text', /text is undefined/, () => classifier.classify(nothing)],
    ['null for options', /options is null; .* an object/, () => classifier.classify('x', none)],
    ['an unknown option', /no option 'topk'; did you mean 'topK'\?/, () => classifier.classify('x', misspelt)],
    ['a topK that is none', /topK is 0/, () => classifier.choose(task, { topK: 0 })],
    [
      'a truncation that is no text',
      /truncation is \[object Object\]/,
      () => classifier.classify('x', { truncation: {} as never }),
    ],
    [
      'progress that is no function',
      /onProgress is 3; .* function/,
      () => classifier.classifyBatch(['x'], { onProgress: 3 as never }),
    ],
    ['null for options of ids', /options is null/, () => classifier.classifyIds([1], none)],
    ['an unknown option of ids', /'topk'/, () => classifier.classifyIds([1], misspelt)],
    ['no texts', /texts is undefined; .* array of texts/, () => classifier.classifyBatch(nothing)],
    ['one text for many', /texts is 'x'/, () => classifier.classifyBatch('x' as never)],
    ['a number among texts', /texts\[1\] is 1; it must be a text/, () => classifier.classifyBatch(['x', 1 as never])],
    ['null for options of many', /null/, () => classifier.classifyBatch(['x'], none)],
    ['an unknown option of many', /'topk'; did you mean 'topK'\?/, () => classifier.classifyBatch(['x'], misspelt)],
    ['no pair to entail', /pair is undefined; .* premise, hypothesis/, () => classifier.entail(nothing)],
    ['a pair without hypothesis', /pair.hypothesis is undefined/, () => classifier.entail({ premise: 'x' } as never)],
    ['null for options of entail', /null/, () => classifier.entail(pair, none)],
    ['an unknown option of entail', /'topk'/, () => classifier.entail(pair, misspelt)],
    ['no pair to compare', /pair is undefined; .* a, b/, () => classifier.similarity(nothing)],
    ['a pair of one', /pair.b is undefined/, () => classifier.similarity({ a: 'x' } as never)],
    ['null for options of similarity', /null/, () => classifier.similarity({ a: 'x', b: 'y' }, none)],
    ['an unknown option of similarity', /'topk'/, () => classifier.similarity({ a: 'x', b: 'y' }, misspelt)],
    ['no task', /task is undefined; .* context/, () => classifier.choose(nothing)],
    ['no answers', /answers is undefined/, () => classifier.choose({ context: 'x' } as never)],
    ['a question that is no text', /question is 3/, () => classifier.choose({ ...task, question: 3 as never })],
    ['null for options of choose', /null/, () => classifier.choose(task, none)],
    ['an unknown option of choose', /'topk'/, () => classifier.choose(task, misspelt)],
  ])('rejects %s and goes on working', async (_, message, call) => {
    await expect(call()).rejects.toMatchObject({
      name: 'GptletError',
      code: 'INVALID_OPTION',
      message: expect.stringMatching(message),
    });
    expect(await classifier.entail(pair, { topK: 1 })).toHaveLength(1);
  });

  it('takes null for what is not given', async () => {
    const nulls = Object.fromEntries(Object.keys(classifyOptions()).map((name) => [name, null])) as object;
    const noQuestion = { ...task, question: null } as never;
    const batchNulls = { ...nulls, onProgress: null } as never;
    expect(await classifier.entail(pair, nulls)).toEqual(await classifier.entail(pair));
    expect(await classifier.choose(noQuestion, nulls)).toEqual(await classifier.choose(task));
    expect(await classifier.classifyBatch(['x'], batchNulls)).toEqual(await classifier.classifyBatch(['x']));
  });

  it('is not made of nothing', () => {
    for (const none of [nothing, {} as never, [] as never])
      expect(() => createClassifier(none)).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }));
  });

  it('chooses as many answers as topK says, the best', async () => {
    const all = await classifier.choose({ context: 'x', answers: ['a', 'b', 'c'] });
    expect(await classifier.choose({ context: 'x', answers: ['a', 'b', 'c'] }, { topK: 2 })).toEqual(all.slice(0, 2));
  });

  it('takes rows that hold more than it needs', async () => {
    const row = { ...pair, label: 'neutral', id: 7 };
    expect(await classifier.entail(row)).toEqual(await classifier.entail(pair));
  });
});
