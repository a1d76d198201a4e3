import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resolveInputFormat } from '../../heads/input-format.ts';
import type { GptModel } from '../../loaded-model/gpt-model.ts';
import { resolveLoadOptions } from '../../loading/load-options.ts';
import { loadModelHere } from '../../testing/load-model-here.ts';
import { readExamples } from '../labelled-texts.ts';
import { Pacer } from '../pacer.ts';
import { labelledItems } from './labelled-items.ts';
import { checkSpanExamples, spanItems } from './span-items.ts';
import { checkTextExamples, textItems } from './text-items.ts';

const pacer = new Pacer(new AbortController().signal);
let model: GptModel;
let eos: number;
beforeAll(async () => {
  model = await loadModelHere('fixtures/gpt2-tiny', resolveLoadOptions({ backend: 'wasm', dtype: 'f32' }));
  eos = model.config.eosTokenIds[0];
});
afterAll(() => model.dispose());
const encode = (text: string): number[] => [...model.tokenizer.encode(text)];

describe('labelledItems', () => {
  const itemsOf = (data: Awaited<ReturnType<typeof readExamples>>, more: object = {}) =>
    labelledItems(
      data,
      { format: resolveInputFormat(undefined, model.tokenizer), model, losses: {}, language: false, ...more },
      pacer,
    );

  it('have the last token say the label, softened and weighed as asked', async () => {
    const data = await readExamples(
      'classification',
      [
        { text: 'red', label: 'warm' },
        { text: 'blue', label: 'cold' },
      ],
      pacer,
    );
    const { items, cut } = await itemsOf(data, { losses: { classWeights: [2, 1], labelSmoothing: 0.2 } });
    expect(cut).toEqual([]);
    const tokenIds = Uint32Array.from(encode('red'));
    expect(items[0]).toEqual({
      sequences: [{ tokenIds }],
      outputs: [{ places: [{ sequence: 0, token: tokenIds.length - 1 }], target: [0.1, 0.9], weight: 1 }],
    });
    expect(items[1].outputs?.[0].weight).toBe(2);
  });

  it('add both orders of a pair, and learn their words where asked', async () => {
    const data = await readExamples('similarity', [{ a: 'cat', b: 'dog', value: 2 }], pacer);
    const { items } = await itemsOf(data, { language: true });
    const [forth, back] = [encode('catdog'), encode('dogcat')];
    expect(items[0].sequences.map(({ tokenIds }) => [...tokenIds])).toEqual([forth, back]);
    expect([...(items[0].sequences[0].targets ?? [])]).toEqual([...forth.slice(1), -1]);
    expect(items[0].outputs).toEqual([
      {
        places: [
          { sequence: 0, token: forth.length - 1 },
          { sequence: 1, token: back.length - 1 },
        ],
        target: [2],
      },
    ]);
  });

  it('have an output an answer', async () => {
    const data = await readExamples('choice', [{ context: 'c', answers: ['x', 'y', 'z'], answer: 2 }], pacer);
    const { items } = await itemsOf(data);
    expect(items[0].outputs?.map(({ places, target }) => [places[0].sequence, target])).toEqual([
      [0, [0]],
      [1, [0]],
      [2, [1]],
    ]);
  });

  it('say which were cut', async () => {
    const data = await readExamples(
      'multi-label',
      [
        { text: 'x', labels: ['a'] },
        // Ten megabytes.
        { text: 'word '.repeat(2e6), labels: [] },
      ],
      pacer,
    );
    expect(await itemsOf(data)).toMatchObject({ cut: [1], items: [{}, { outputs: [{ target: [0] }] }] });
  });
});

describe('textItems', () => {
  const itemsOf = async (examples: Parameters<typeof textItems>[0], most = 256) => {
    const { items, cut } = await textItems(examples, { model, most }, pacer);
    return { cut, items: items.map(({ sequences: [{ tokenIds, targets }] }) => [[...tokenIds], [...(targets ?? [])]]) };
  };

  it('predict each token of a text and its end once, whatever the pieces', async () => {
    const whole = [...encode('one two three'), eos];
    const { items } = await itemsOf([{ text: 'one two three' }], 5);
    expect(items.every(([ids]) => ids.length <= 5)).toBe(true);
    expect(items.flatMap(([ids]) => ids).slice(0, whole.length - 1)).toEqual(whole.slice(0, -1));
    expect(items.flatMap(([, targets]) => targets).filter((target) => target >= 0)).toEqual(whole.slice(1));
  });

  it('learn a completion and not its prompt, whose beginning gives way', async () => {
    const [asked, said] = [encode('2 + 2 ='), [...encode(' 4'), eos]];
    const example = { prompt: '2 + 2 =', completion: ' 4' };
    const { items } = await itemsOf([example]);
    expect(items).toEqual([
      [
        [...asked, ...said],
        [...asked.slice(1).fill(-1), ...said, -1],
      ],
    ]);
    const short = await itemsOf([example], said.length + 2);
    expect(short.cut).toEqual([0]);
    expect(short.items[0][0]).toEqual([...asked.slice(-2), ...said]);
  });

  it.each<[string, unknown, RegExp]>([
    ['nothing', [], /no examples/],
    ['an empty text', [{ text: '' }], /examples\[0\] has an empty text/],
    ['a completion alone', [{ completion: 'x' }], /examples\[0\]\.prompt is undefined/],
    ['an empty completion', [{ prompt: 'x', completion: '' }], /empty completion/],
    ['a text that is a number', [{ text: 3 }], /examples\[0\]\.text is 3/],
    ['a row of another task', [{ label: 'a' }], /examples\[0\]\.text is undefined/],
  ])('refuse %s', (_, examples, message) => {
    expect(() => checkTextExamples(examples as never)).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION', message: expect.stringMatching(message) }),
    );
  });
});

describe('spanItems', () => {
  const example = { text: 'Ask Ada now', spans: [{ start: 4, end: 7, label: 'person' }] };

  it('label the token that ends each word', async () => {
    const data = await spanItems([example], { model, startIds: [7], labelSmoothing: 0, language: false }, pacer);
    expect(data.labels).toEqual(['O', 'B-person', 'I-person']);
    expect(data.targets).toEqual([[0, 1, 0]]);
    const ids = encode(example.text);
    const ends = ['Ask', 'Ask Ada', 'Ask Ada now'].map((text) => encode(text).length);
    expect(data.items).toEqual([
      {
        sequences: [{ tokenIds: Uint32Array.from([7, ...ids]) }],
        outputs: ends.map((end, w) => ({
          places: [{ sequence: 0, token: end }],
          target: w === 1 ? [0, 1, 0] : [1, 0, 0],
        })),
      },
    ]);
  });

  it('leave out the words that do not fit', async () => {
    const text = 'word '.repeat(200);
    const spans = [{ start: 0, end: 4, label: 'a' }];
    const options = { model, startIds: [], labelSmoothing: 0, language: false };
    const { items, cut } = await spanItems([{ text, spans }], options, pacer);
    expect(cut).toEqual([0]);
    expect(items[0].sequences[0].tokenIds).toHaveLength(model.config.nCtx);
    for (const { places } of items[0].outputs ?? []) expect(places[0].token).toBeLessThan(model.config.nCtx);
  });

  it.each<[string, unknown, RegExp]>([
    ['nothing', [], /no examples/],
    ['no span anywhere', [{ text: 'x', spans: [] }], /No example has a span/],
    ['a span behind the text', [{ text: 'x', spans: [{ start: 0, end: 2, label: 'a' }] }], /ends after the text of 1/],
    ['a span of nothing', [{ text: 'x y', spans: [{ start: 1, end: 2, label: 'a' }] }], /spans\[0\].* has no text/],
    [
      'spans in each other',
      [
        {
          text: 'abc',
          spans: [
            { start: 0, end: 2, label: 'a' },
            { start: 1, end: 3, label: 'b' },
          ],
        },
      ],
      /spans\[1\], 'b' from 1 to 3, begins before another one ends/,
    ],
    ['words with labels', [{ words: ['x'], labels: ['O'] }], /examples\[0\]\.text is undefined/],
  ])('refuse %s', (_, examples, message) => {
    expect(() => checkSpanExamples(examples as never)).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION', message: expect.stringMatching(message) }),
    );
  });
});
