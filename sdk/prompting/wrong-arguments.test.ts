import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GptModel } from '../loaded-model/gpt-model.ts';
import { resolveLoadOptions } from '../loading/load-options.ts';
import type { OptionRow } from '../options/table.ts';
import * as tables from '../options/table.ts';
import { loadModelHere } from '../testing/load-model-here.ts';
import { answerQuestion } from './answer-question.ts';
import { fewShot } from './few-shot.ts';
import { rank } from './rank.ts';
import { summarize } from './summarize.ts';
import { translate } from './translate.ts';
import { zeroShot } from './zero-shot.ts';

// What TypeScript would not let through.

describe('prompting', () => {
  let model: GptModel;
  beforeAll(async () => {
    model = await loadModelHere('fixtures/gpt2-tiny', resolveLoadOptions({ backend: 'wasm', dtype: 'f32' }));
  });
  afterAll(() => model.dispose());

  const labels = ['a', 'b'];
  const zero = (options: unknown) => () => zeroShot(model, options as never);
  const few = (options: unknown) => async () => fewShot(model, options as never);
  const ranking = (options: unknown) => () => rank(model, options as never);
  const asking = (options: unknown) => () => answerQuestion(model, options as never);
  const translating = (options: unknown) => () => translate(model, options as never);
  const summing = (options: unknown) => () => summarize(model, options as never);
  const pairs = [{ source: 'a', target: 'b' }];
  const examples = [{ input: 'cat', output: 'animal' }];
  it.each<[string, RegExp, () => Promise<unknown>]>([
    ['zeroShot without a model', /model is undefined/, () => zeroShot(undefined as never, { text: 'x', labels })],
    ['zeroShot without options', /options is undefined; .* an object/, zero(undefined)],
    ['zeroShot with null', /options is null/, zero(null)],
    ['zeroShot without a text', /text is undefined/, zero({ labels })],
    ['zeroShot without labels', /labels is undefined/, zero({ text: 'x' })],
    ['zeroShot with one text for labels', /labels is 'ab'/, zero({ text: 'x', labels: 'ab' })],
    ['zeroShot with a template of its own kind', /template is 1/, zero({ text: 'x', labels, template: 1 })],
    ['zeroShot with an unknown option', /'topK'; there are .* calibrate/, zero({ text: 'x', labels, topK: 1 })],
    ['rank without a model', /model is undefined/, () => rank(undefined as never, { context: '', candidates: labels })],
    ['rank without options', /options is undefined/, ranking(undefined)],
    ['rank with null', /options is null/, ranking(null)],
    ['rank without candidates', /candidates is undefined/, ranking({ context: 'x' })],
    [
      'rank with an unknown option',
      /'normalise'; did you mean 'normalize'/,
      ranking({ context: 'x', candidates: labels, normalise: 'none' }),
    ],
    ['fewShot without a model', /model is null/, async () => fewShot(null as never, { examples, query: 'x' })],
    ['fewShot without options', /options is undefined/, few(undefined)],
    ['fewShot with null', /options is null/, few(null)],
    ['fewShot without examples', /examples is undefined/, few({ query: 'x' })],
    ['fewShot with texts for examples', /examples\[0\] is 'x'; .* input, output/, few({ query: 'x', examples: ['x'] })],
    [
      'fewShot with half an example',
      /examples\[0\].output is undefined/,
      few({ query: 'x', examples: [{ input: 'x' }] }),
    ],
    ['fewShot without a query', /query is undefined/, few({ examples })],
    ['fewShot with half the prefixes', /prefixes.output/, few({ examples, query: 'x', prefixes: { input: 'I' } })],
    ['fewShot with an unknown option', /'shots'; there are .* reserveTokens/, few({ examples, query: 'x', shots: 3 })],
    ['answerQuestion without options', /options is undefined/, asking(undefined)],
    ['answerQuestion without a question', /question is undefined/, asking({ document: 'x' })],
    ['answerQuestion with half a turn', /history\[0\].answer/, asking({ question: 'x', history: [{ question: 'y' }] })],
    ['answerQuestion with an unknown option', /'topK'/, asking({ question: 'x', topK: 1 })],
    ['translate with null', /options is null/, translating(null)],
    ['translate without examples', /examples is undefined; .* array/, translating({ text: 'x' })],
    ['translate with half an example', /\[0\].target/, translating({ text: 'x', examples: [{ source: 'a' }] })],
    ['translate with an unknown option', /'to'/, translating({ text: 'x', examples: pairs, to: 'fr' })],
    [
      'rank with another thing for a model',
      /scoreBatch is undefined/,
      () => rank({} as never, { context: '', candidates: labels }),
    ],
    [
      'fewShot with another thing for a model',
      /tokenizer is undefined/,
      async () => fewShot({} as never, { examples, query: 'x' }),
    ],
    ['fewShot with a number that is none', /reserveTokens is NaN/, few({ examples, query: 'x', reserveTokens: NaN })],
    [
      'fewShot with a balance of its own kind',
      /balance is 1; .* true or false/,
      few({ examples, query: 'x', balance: 1 }),
    ],
    [
      'translate with half a token',
      /maxNewTokens is 0.5/,
      translating({ text: 'x', examples: pairs, maxNewTokens: 0.5 }),
    ],
    ['summarize with no sentence', /maxSentences is 0/, summing({ text: 'x', maxSentences: 0 })],
    ['summarize with what no JSON holds', /text is 1/, summing({ text: 1n })],
    ['summarize without options', /options is undefined/, summing(undefined)],
    ['summarize without a text', /text is undefined/, summing({})],
    ['summarize with an unknown option', /'temperature'; there are .* topK/, summing({ text: 'x', temperature: 0 })],
  ])('refuses %s', async (_, message, call) => {
    await expect(call()).rejects.toMatchObject({
      name: 'GptletError',
      code: 'INVALID_OPTION',
      message: expect.stringMatching(message),
    });
  });

  it('takes null for what is not given', async () => {
    const nulls = (table: Record<string, OptionRow>, given: object): never =>
      ({ ...Object.fromEntries(Object.keys(table).map((name) => [name, null])), ...given }) as never;
    const text = { text: 'x' };
    const withoutTime = ({ result: _, ...rest }: object & { result?: unknown }) => rest;
    for (const [call, table, given] of [
      [zeroShot, tables.zeroShotOptions(), { ...text, labels }],
      [rank, tables.rankOptions(), { context: 'x', candidates: labels }],
      [answerQuestion, tables.answerQuestionOptions(), { question: 'x' }],
      [translate, tables.translateOptions(), { ...text, examples: pairs }],
      [fewShot, tables.fewShotOptions(), { examples, query: 'x' }],
    ] as const) {
      const made = async (options: never) => withoutTime((await (call as typeof rank)(model, options)) as object);
      expect(await made(nulls(table, given))).toEqual(await made(given as never));
    }
    expect(await summarize(model, nulls(tables.summarizeOptions(), { ...text, maxNewTokens: 3 }))).toBeTruthy();
  });

  it('takes examples that hold more than it needs', () => {
    const rows = examples.map((example) => ({ ...example, id: 7 }));
    expect(fewShot(model, { examples: rows, query: 'x' })).toEqual(fewShot(model, { examples, query: 'x' }));
  });
});
