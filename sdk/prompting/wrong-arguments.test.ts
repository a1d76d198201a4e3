import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GptModel } from '../generation/gpt-model.ts';
import { loadLocalModel } from '../loading/load-local-model.ts';
import { resolveLoadOptions } from '../loading/load-options.ts';
import { fewShot } from './few-shot.ts';
import { rank } from './rank.ts';
import { zeroShot } from './zero-shot.ts';

// What TypeScript would not let through.

describe('prompting', () => {
  let model: GptModel;
  beforeAll(async () => {
    model = await loadLocalModel('fixtures/gpt2-tiny', resolveLoadOptions({ backend: 'wasm', dtype: 'f32' }));
  });
  afterAll(() => model.dispose());

  const labels = ['a', 'b'];
  const zero = (options: unknown) => () => zeroShot(model, options as never);
  const few = (options: unknown) => async () => fewShot(model, options as never);
  const ranking = (options: unknown) => () => rank(model, options as never);
  const examples = [{ input: 'cat', output: 'animal' }];
  it.each<[string, RegExp, () => Promise<unknown>]>([
    ['zeroShot without a model', /the model is undefined/, () => zeroShot(undefined as never, { text: 'x', labels })],
    ['zeroShot without options', /zeroShot is undefined; .* an object/, zero(undefined)],
    ['zeroShot with null', /zeroShot is null/, zero(null)],
    ['zeroShot without a text', /text is undefined/, zero({ labels })],
    ['zeroShot without labels', /labels is undefined/, zero({ text: 'x' })],
    ['zeroShot with one text for labels', /labels is "ab"/, zero({ text: 'x', labels: 'ab' })],
    ['zeroShot with a template of its own kind', /template is 1/, zero({ text: 'x', labels, template: 1 })],
    ['zeroShot with an unknown option', /'topK' .* calibrate/, zero({ text: 'x', labels, topK: 1 })],
    [
      'rank without a model',
      /the model is undefined/,
      () => rank(undefined as never, { context: '', candidates: labels }),
    ],
    ['rank without options', /rank is undefined/, ranking(undefined)],
    ['rank with null', /rank is null/, ranking(null)],
    ['rank without candidates', /candidates is undefined/, ranking({ context: 'x' })],
    ['rank with an unknown option', /'normalise'/, ranking({ context: 'x', candidates: labels, normalise: 'none' })],
    ['fewShot without a model', /the model is null/, async () => fewShot(null as never, { examples, query: 'x' })],
    ['fewShot without options', /fewShot is undefined/, few(undefined)],
    ['fewShot with null', /fewShot is null/, few(null)],
    ['fewShot without examples', /examples is undefined/, few({ query: 'x' })],
    ['fewShot with texts for examples', /examples is \["x"\]/, few({ query: 'x', examples: ['x'] })],
    [
      'fewShot with half an example',
      /examples\[0\]: output is undefined/,
      few({ query: 'x', examples: [{ input: 'x' }] }),
    ],
    ['fewShot without a query', /query is undefined/, few({ examples })],
    ['fewShot with half the prefixes', /prefixes: output/, few({ examples, query: 'x', prefixes: { input: 'I' } })],
    ['fewShot with an unknown option', /'shots' .* reserveTokens/, few({ examples, query: 'x', shots: 3 })],
  ])('refuses %s', async (_, message, call) => {
    await expect(call()).rejects.toMatchObject({
      name: 'GptletError',
      code: 'INVALID_OPTION',
      message: expect.stringMatching(message),
    });
  });

  it('takes examples that hold more than it needs', () => {
    const rows = examples.map((example) => ({ ...example, id: 7 }));
    expect(fewShot(model, { examples: rows, query: 'x' })).toEqual(fewShot(model, { examples, query: 'x' }));
  });
});
