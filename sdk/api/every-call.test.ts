// Every public call that has options: what is misspelt is told with what was meant, a list or a Map is no object of options, and
// numbers at their edges give a result or an error that says what may be.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applyChatTemplate, createChat } from '../chat.ts';
import { type Classifier, createClassifier } from '../heads.ts';
import { connect, type GptModel, generate, type LoadOptions, loadModel, openWeightCache } from '../index.ts';
import { resolveLoadOptions } from '../loading/load-options.ts';
import * as tables from '../options/table.ts';
import { answerQuestion, fewShot, rank, summarize, translate, zeroShot } from '../prompting.ts';
import { createSampler } from '../sampler.ts';
import { loadModelHere } from '../testing/load-model-here.ts';
import { createTokenizer, type Tokenizer } from '../tokenizer.ts';
import { loadClassifier } from './load-classifier.ts';

let model: GptModel;
let classifier: Classifier;
let tokenizer: Tokenizer;
beforeAll(async () => {
  const options = resolveLoadOptions({ backend: 'wasm', dtype: 'f32' });
  model = await loadModelHere('fixtures/gpt2-tiny', options);
  classifier = createClassifier(await loadModelHere('fixtures/gpt2-entailment-classifier', options));
  tokenizer = model.tokenizer;
});
afterAll(async () => {
  await model.dispose();
  await classifier.dispose();
});

const files = { 'vocab.json': '{"a":0}', 'merges.txt': '#version: 0.2\n' };
const pair = { premise: 'x', hypothesis: 'y', a: 'x', b: 'y' };
const generating = { ...tables.generateOptions(), ...tables.samplingOptions() };

const calls: readonly [string, tables.Table<string>, (options: never) => unknown][] = [
  [
    'generate',
    { ...tables.loadOptions(), ...tables.modelOptions(), ...generating },
    (options) => generate('x', options),
  ],
  [
    'loadModel',
    { ...tables.loadOptions(), ...tables.fallbackOptions() },
    (options) => loadModel('x', options as LoadOptions),
  ],
  ['connect', tables.connectOptions(), (options) => connect(options)],
  ['loadModel: hub', tables.hubOptions(), (hub) => loadModel('x', { hub })],
  ['loadClassifier', tables.loadOptions(), (options) => loadClassifier('x', options)],
  ['openWeightCache', tables.weightCacheOptions(), (options) => openWeightCache(options)],
  ['model.generate', generating, (options) => model.generate('x', options)],
  ['model.chat', tables.chatOptions(), (options) => model.chat([{ role: 'user', content: 'x' }], options)],
  ['createChat', { ...tables.chatOptions(), ...tables.createChatOptions() }, (options) => createChat(model, options)],
  [
    'applyChatTemplate',
    tables.applyChatTemplateOptions(),
    (options) => applyChatTemplate(model, [{ role: 'user', content: 'x' }], options),
  ],
  ['model.loadAdapter', tables.loadAdapterOptions(), (options) => model.loadAdapter('x', options)],
  ['model.forward', tables.passOptions(), (options) => model.forward([1], options)],
  ['model.score', tables.scoreOptions(), (options) => model.score('x', options)],
  ['model.scoreBatch', tables.scoreOptions(), (options) => model.scoreBatch(['x'], options)],
  ['model.embed', tables.embedOptions(), (options) => model.embed('x', options)],
  ['model.embedBatch', tables.embedOptions(), (options) => model.embedBatch(['x'], options)],
  ['model.inspect', tables.inspectOptions(), (options) => model.inspect('x', options)],
  ['model.classifyIds', tables.passOptions(), (options) => model.classifyIds([1], options)],
  ['model.classifyIdsBatch', tables.passOptions(), (options) => model.classifyIdsBatch([[1]], options)],
  ['classifier.classify', tables.classifyOptions(), (options) => classifier.classify('x', options)],
  ['classifier.classifyBatch', tables.classifyBatchOptions(), (options) => classifier.classifyBatch(['x'], options)],
  ['classifier.classifyIds', tables.passOptions(), (options) => classifier.classifyIds([1], options)],
  ['classifier.entail', tables.classifyOptions(), (options) => classifier.entail(pair, options)],
  ['classifier.similarity', tables.classifyOptions(), (options) => classifier.similarity(pair, options)],
  [
    'classifier.choose',
    tables.classifyOptions(),
    (options) => classifier.choose({ context: 'x', answers: ['y'] }, options),
  ],
  ['createSampler', tables.samplingOptions(), (options) => createSampler(options)],
  ['createTokenizer', tables.tokenizerOptions(), (options) => createTokenizer(files, options)],
  ['tokenizer.encode', tables.encodeOptions(), (options) => tokenizer.encode('x', options)],
  ['tokenizer.encodeBatch', tables.encodeOptions(), (options) => tokenizer.encodeBatch(['x'], options)],
  ['tokenizer.decode', tables.decodeOptions(), (options) => tokenizer.decode([1], options)],
  ['tokenizer.decodeBatch', tables.decodeOptions(), (options) => tokenizer.decodeBatch([[1]], options)],
  ['zeroShot', tables.zeroShotOptions(), (options) => zeroShot(model, options)],
  ['rank', tables.rankOptions(), (options) => rank(model, options)],
  ['fewShot', tables.fewShotOptions(), (options) => fewShot(model, options)],
  ['answerQuestion', tables.answerQuestionOptions(), (options) => answerQuestion(model, options)],
  ['translate', tables.translateOptions(), (options) => translate(model, options)],
  ['summarize', tables.summarizeOptions(), (options) => summarize(model, options)],
];

/** What a call that must fail says. */
const refusal = async (call: (options: never) => unknown, options: unknown): Promise<string> => {
  try {
    await call(options as never);
    return 'no error';
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    return `${code}: ${message}`;
  }
};

describe.each(calls)('%s', (_, table, call) => {
  it('names the option that was meant', async () => {
    for (const name of Object.keys(table)) {
      for (const given of [`${name}s`, name.toLowerCase(), name.replaceAll(/[A-Z]/g, '_$&').toLowerCase()]) {
        if (given === name) continue;
        expect(await refusal(call, { [given]: 1 })).toBe(
          `INVALID_OPTION: There is no option '${given}'; did you mean '${name}'?`,
        );
      }
    }
  });

  it('takes no list and no Map for options, which hold none by name', async () => {
    for (const options of [[], ['x'], new Map([['signal', 1]]), new Set()])
      expect(await refusal(call, options)).toMatch(/^INVALID_OPTION: (options|hub) is .*; it must be an object\.$/);
  });
});

it('generate() takes null for every option as if it were not given, beside beams too', async () => {
  const table = { ...tables.loadOptions(), ...tables.modelOptions(), ...generating };
  const nulls = Object.fromEntries(Object.keys(table).map((name) => [name, null]));
  for (const options of [{ temperature: 0 }, { numBeams: 2, numSequences: 2 }, { logprobs: 1, temperature: 0 }]) {
    const given = { model: 'models/default', ...options, maxNewTokens: 4 };
    const [wanted, found] = [await generate('Once', given), await generate('Once', { ...nulls, ...given } as never)];
    // The prompt was in the cache the second time: logarithms differ by rounding.
    expect([found.text, found.tokenIds, found.finishReason]).toEqual([
      wanted.text,
      wanted.tokenIds,
      wanted.finishReason,
    ]);
    expect(found.sequences?.map(({ text }) => text)).toEqual(wanted.sequences?.map(({ text }) => text));
    expect(found.logprobs?.map(({ text }) => text)).toEqual(wanted.logprobs?.map(({ text }) => text));
  }
});

it('a Map or a list of biases is no object of them', async () => {
  for (const logitBias of [new Map([[1, 5]]), [5], Float32Array.of(5)])
    expect(await refusal((options) => model.generate('x', options), { logitBias })).toMatch(
      /^INVALID_OPTION: logitBias is .*; it must be an object of token id to number\.$/,
    );
});

describe('numbers at their edges', () => {
  const edges = [NaN, Infinity, -Infinity, -0, -1, 0.5, 5e-324, 1e-50, 1e50, 1e308, -1e308, 2 ** 31, 2 ** 53, '3', 3n];
  const prompt = [1, 2, 3, 2, 1];

  it.each(Object.keys(generating))('generate: %s', async (name) => {
    let tried = 0;
    for (const edge of edges) {
      for (const how of [{}, { temperature: 0 }, { numBeams: 2 }, { numSequences: 2 }, { topK: 3 }]) {
        const options = { maxNewTokens: 3, seed: 1, stopTokenIds: [], ...how, [name]: edge };
        const outcome = await model.generate(prompt, options as never).then(
          ({ tokenIds }) =>
            tokenIds.every((id) => id >= 0 && id < 260) && tokenIds.length <= 256 ? 'tokens' : tokenIds,
          ({ code, message }) => `${code}: ${message}`,
        );
        expect(outcome, `${String(edge)}, ${JSON.stringify(how)}`).toMatch(
          new RegExp(
            `^tokens$|^INVALID_OPTION: (${name}|numSequences|minNewTokens) (is .*; it must be |does not go with )|^INVALID_OPTION: There is no adapter '3'; `,
          ),
        );
        if (typeof edge !== 'number' || Number.isNaN(edge)) expect(outcome).not.toBe('tokens');
        tried++;
      }
    }
    expect(tried).toBe(edges.length * 5);
  });

  it('lie on the side they are nearest to: tiny temperatures are greedy, huge ones and huge penalties have no NaN', async () => {
    const row = Float32Array.of(1, 2, -3, 0.5);
    const distribution = async (options: object): Promise<number[]> =>
      Array.from((await createSampler(options)).distribution(row, [1, 1, 2]), (p) => Math.round(1000 * p) / 1000);
    for (const temperature of [5e-324, 1e-50]) expect(await distribution({ temperature })).toEqual([0, 1, 0, 0]);
    for (const temperature of [1e50, 1e308]) expect(await distribution({ temperature })).toEqual(Array(4).fill(0.25));
    for (const name of ['presencePenalty', 'frequencyPenalty']) {
      expect(await distribution({ [name]: 1e308 })).toEqual([0.622, 0, 0, 0.378]);
      expect(await distribution({ [name]: -1e308 })).toEqual([0, 0.5, 0.5, 0]);
    }
    // A positive logit is divided by it, a negative one multiplied.
    expect(await distribution({ repetitionPenalty: 1e308 })).toEqual([0.506, 0.186, 0, 0.307]);
    expect(await distribution({ repetitionPenalty: 5e-324 })).toEqual([0, 1, 0, 0]);
    for (const name of ['topP', 'typicalP']) expect(await distribution({ [name]: 5e-324 })).toEqual([0, 1, 0, 0]);
    expect(await distribution({ minP: 5e-324 })).toEqual([0.23, 0.626, 0.004, 0.14]);
    expect(await distribution({ topK: 2 ** 31 - 1 })).toEqual([0.23, 0.626, 0.004, 0.14]);
  });
});

describe('much at once', () => {
  const many = <T>(count: number, item: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => item(i));
  const greedy = { temperature: 0, maxNewTokens: 8 };

  it.each<[string, () => unknown]>([
    ['10 MB of words', () => 'some words '.repeat(1e6)],
    ['10 MB without a space', () => 'a'.repeat(1e7)],
    ['10 MB of spaces', () => ' '.repeat(1e7)],
    ['a million ids', () => many(1e6, () => 1)],
    ['ten million ids', () => new Uint32Array(1e7)],
  ])('%s do not fit the context, and are told so', async (_, prompt) => {
    const message = await refusal((given) => model.generate(given), prompt());
    expect(message).toMatch(/^CONTEXT_OVERFLOW: The prompt has \d{7,8} tokens, the model's context holds 256/);
  });

  it('10,000 stop texts, 100,000 banned texts and a million stop ids change nothing that they do not meet', async () => {
    const { tokenIds } = await model.generate('x', greedy);
    for (const options of [
      { stop: many(1e4, (i) => `never ${i}`) },
      { stop: ['a'.repeat(1e7)] },
      { bannedTexts: many(1e5, (i) => `never ${i}`) },
      { bannedTexts: ['never '.repeat(1e6)] },
      { stopTokenIds: many(1e6, (i) => i + 1000) },
    ])
      expect((await model.generate('x', { ...greedy, ...options })).tokenIds).toEqual(tokenIds);
  });

  it('10,000 stop texts of which the last one comes end the text before it', async () => {
    const { text } = await model.generate('x', greedy);
    const stop = [...many(1e4, (i) => `never ${i}`), text.slice(3, 5)];
    expect((await model.generate('x', { ...greedy, stop })).text).toBe(text.slice(0, text.indexOf(text.slice(3, 5))));
  });

  it('100,000 banned texts ban the last one as well, in beams too', async () => {
    const { tokenIds } = await model.generate('x', greedy);
    // One that a text spells alone: half a character is none.
    const id = tokenIds.find((id) => String(tokenizer.encode(tokenizer.decode([id]))) === String(id)) as number;
    const bannedTexts = [...many(1e5, (i) => `never ${i}`), tokenizer.decode([id])];
    for (const numBeams of [1, 3])
      expect((await model.generate('x', { ...greedy, numBeams, bannedTexts })).tokenIds).not.toContain(id);
  });

  it('a text of a hundred thousand tokens is scored, in windows', async () => {
    const { tokens, logprob } = await model.score('some words '.repeat(1e4));
    expect(tokens).toHaveLength(110_000);
    expect(Number.isFinite(logprob)).toBe(true);
  });
});
