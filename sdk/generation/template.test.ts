// A model whose tokenizer puts tokens around a text, wherever texts become ids: it is the same as one that does not, whose
// callers put them.
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClassifier } from '../heads/classifier.ts';
import { resolveInputFormat } from '../heads/input-format.ts';
import type { GptModel } from '../loaded-model/gpt-model.ts';
import { resolveLoadOptions } from '../loading/load-options.ts';
import { fewShot, rank, summarize } from '../prompting.ts';
import { loadModelHere } from '../testing/load-model-here.ts';
import { bannedSequences } from './banned-texts.ts';

type Files = Record<string, Uint8Array<ArrayBuffer>>;

const bytes = (value: unknown): Uint8Array<ArrayBuffer> => new TextEncoder().encode(JSON.stringify(value));
const filesOf = (folder: string, names: readonly string[], more: Files = {}): Files => ({
  ...Object.fromEntries(names.map((name) => [name, Uint8Array.from(readFileSync(`fixtures/${folder}/${name}`))])),
  ...more,
});
const load = (files: Files): Promise<GptModel> =>
  loadModelHere(files, resolveLoadOptions({ backend: 'wasm', dtype: 'f32' }));
const tiny = (config: unknown, more?: Files): Promise<GptModel> =>
  load(
    filesOf('gpt2-tiny', ['config.json', 'model.safetensors', 'vocab.json', 'merges.txt'], {
      'tokenizer_config.json': bytes(config),
      ...more,
    }),
  );

const bos = 259;
const text = 'Hello, world. So it is';
const options = { temperature: 0, maxNewTokens: 6 };

describe('a tokenizer that begins every text with a token', () => {
  let plain: GptModel;
  let marked: GptModel;
  let ids: number[];
  beforeAll(async () => {
    plain = await tiny({});
    marked = await tiny({ add_bos_token: true, bos_token: '<|endoftext|>' });
    ids = Array.from(plain.tokenizer.encode(text));
  });
  afterAll(() => Promise.all([plain.dispose(), marked.dispose()]));

  it('says so, and GPT-2’s own does not', () => {
    expect(plain.tokenizer.template).toEqual({ before: [], between: [], after: [] });
    expect(marked.tokenizer.template).toEqual({ before: [bos], between: [bos], after: [] });
  });

  it('begins prompts with it, once, and an empty one is nothing else', async () => {
    const expected = await plain.generate([bos, ...ids], options);
    const result = await marked.generate(text, options);
    expect(result.tokenIds).toEqual(expected.tokenIds);
    expect(result.usage.promptTokens).toBe(ids.length + 1);
    expect((await marked.generate('', options)).usage.promptTokens).toBe(1);
    // Ids are taken as they are given.
    expect((await marked.generate(ids, options)).usage.promptTokens).toBe(ids.length);
  });

  it('finds what it holds of a prompt again', async () => {
    await marked.generate(text, options);
    const { usage } = await marked.generate(`${text} and`, { ...options, maxNewTokens: 1 });
    expect(usage.cachedTokens).toBeGreaterThanOrEqual(ids.length);
  });

  it('begins what is looked into and embedded with it', async () => {
    expect([...(await marked.inspect(text, {})).tokenIds]).toEqual([bos, ...ids]);
    const [own, other] = [await marked.embed(text), await plain.embed(text)];
    expect(own).not.toEqual(other);
  });

  it('scores a text after it, not after two of them, and a continuation without one of its own', async () => {
    for (const input of [text, '', { context: text, continuation: ' then' }, { context: '', continuation: text }]) {
      const [own, other] = [await marked.score(input), await plain.score(input)];
      expect(own.tokens.map(({ tokenId }) => tokenId)).toEqual(other.tokens.map(({ tokenId }) => tokenId));
      expect(own.logprob).toBeCloseTo(other.logprob, 5);
    }
    const batch = [' a', ' b'].map((continuation) => ({ context: text, continuation }));
    const [own, other] = [await marked.scoreBatch(batch), await plain.scoreBatch(batch)];
    own.forEach(({ logprob }, i) => {
      expect(logprob).toBeCloseTo(other[i].logprob, 5);
    });
    const ranked = await rank(marked, { context: text, candidates: [' a', ' b'], normalize: 'tokens' });
    expect(ranked).toEqual(await rank(plain, { context: text, candidates: [' a', ' b'], normalize: 'tokens' }));
  });

  it('bans texts, not its token before them', () => {
    const banned = ['a', 'Hello, world', ''];
    expect(bannedSequences(banned, marked.tokenizer)).toEqual(bannedSequences(banned, plain.tokenizer));
  });

  it('is counted where prompts are fitted, and not put into a text that is cut', async () => {
    const { nCtx } = marked.config;
    const { prompt } = fewShot(marked, {
      examples: Array.from({ length: 60 }, () => ({ input: 'a b c', output: 'd' })),
      query: 'e',
      reserveTokens: 20,
    });
    expect(marked.tokenizer.count(prompt)).toBeLessThanOrEqual(nCtx - 20);
    const { leftOutTokens, result } = await summarize(marked, { text: 'many words here '.repeat(60), maxNewTokens: 8 });
    expect(leftOutTokens).toBeGreaterThan(0);
    expect(result.usage.promptTokens).toBeLessThanOrEqual(nCtx - 8);
  });
});

describe('a tokenizer.json', () => {
  it('says itself how text is split, whatever the family', async () => {
    const regex =
      "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
    const vocab = JSON.parse(readFileSync('fixtures/gpt2-tiny/vocab.json', 'utf8'));
    const merges = readFileSync('fixtures/gpt2-tiny/merges.txt', 'utf8').split('\n').slice(1).filter(Boolean);
    const kindWith = async (pattern: string): Promise<string> => {
      const pretokenizers = [
        { type: 'Split', pattern: { Regex: pattern }, behavior: 'Isolated', invert: false },
        { type: 'ByteLevel', add_prefix_space: false, use_regex: false },
      ];
      const model = await tiny(
        {},
        {
          'tokenizer.json': bytes({
            pre_tokenizer: { type: 'Sequence', pretokenizers },
            model: { type: 'BPE', vocab, merges },
          }),
        },
      );
      const { kind } = model.tokenizer;
      await model.dispose();
      return kind;
    };
    expect(await kindWith(regex)).toBe('cl100k');
    expect(await kindWith(`(?:${regex})`)).toBe('regex');
  });
});

describe('a classifier', () => {
  const names = ['config.json', 'model.safetensors', 'tokenizer.json'];
  const config = JSON.parse(readFileSync('fixtures/gpt2-entailment-classifier/config.json', 'utf8'));
  const marks = { add_bos_token: true, add_eos_token: true, bos_token: '<|start|>', eos_token: '<|extract|>' };

  it('puts its own tokens around a text, not those of the tokenizer besides', async () => {
    const own = await load(filesOf('gpt2-entailment-classifier', names));
    const both = await load(filesOf('gpt2-entailment-classifier', names, { 'tokenizer_config.json': bytes(marks) }));
    const pair = { premise: 'a b', hypothesis: 'c' };
    expect(await createClassifier(both).entail(pair)).toEqual(await createClassifier(own).entail(pair));
  });

  it('whose checkpoint names none hears texts as its tokenizer gives them, and pairs', async () => {
    const { gptlet: _, ...bare } = config;
    const model = await load(
      filesOf('gpt2-entailment-classifier', names, {
        'config.json': bytes(bare),
        'tokenizer_config.json': bytes(marks),
      }),
    );
    const { before, between, after } = model.tokenizer.template;
    expect([before.length, between.length, after.length]).toEqual([1, 2, 1]);
    const { startIds, delimiterIds, extractIds } = resolveInputFormat(undefined, model.tokenizer);
    expect([startIds, delimiterIds, extractIds]).toEqual([before, between, after]);
    const logits = await model.classifyIds(Array.from(model.tokenizer.encode('a b')));
    const [best] = await createClassifier(model).classify('a b');
    const exp = Array.from(logits, Math.exp);
    expect(best.score).toBeCloseTo(Math.max(...exp) / exp.reduce((sum, value) => sum + value), 5);
  });
});
