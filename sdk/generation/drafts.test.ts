// Speculative decoding: the same tokens, whatever is drafted.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../backends/engine.ts';
import { createWasmEngineBuilder } from '../backends/wasm/index.ts';
import type { GenerateOptions } from '../loaded-model/generate-options.ts';
import type { GenerationResult } from '../loaded-model/generation.ts';
import type { GptModel } from '../loaded-model/gpt-model.ts';
import { resolveLoadOptions } from '../loading/load-options.ts';
import { seededRandom } from '../platform/seeded-random.ts';
import { loadModelHere } from '../testing/load-model-here.ts';
import { loadedModelOf } from '../testing/loaded-model-of.ts';
import { noCheckpoint } from '../testing/no-checkpoint.ts';
import { openCheckpoint } from '../testing/open-checkpoint.ts';
import { DraftLength } from './draft-length.ts';
import { PassCosts } from './pass-costs.ts';

const load = (folder: string, dtype: 'f32' | 'q8' | 'q4'): Promise<GptModel> =>
  loadModelHere(folder, resolveLoadOptions({ backend: 'wasm', dtype }));

/** Drafts as if it always paid, so that every path is taken. */
function alwaysDraft(): () => void {
  const { choose } = DraftLength.prototype;
  let calls = 0;
  DraftLength.prototype.choose = (_, most) => Math.min(most, [3, 1, 7, 0, 15, 2][calls++ % 6]);
  return () => {
    DraftLength.prototype.choose = choose;
  };
}

const told = ({ text, tokenIds, finishReason, logprobs, sequences, stopText }: GenerationResult) => ({
  text,
  tokenIds,
  finishReason,
  stopText,
  logprobs: logprobs?.map(({ tokenId, top }) => [tokenId, top.map((rival) => rival.tokenId)]),
  sequences: sequences?.map((sequence) => sequence.tokenIds),
});

const prompts = [
  'Once upon a time there was a little cat named Tom. Tom liked to play. One day, Tom',
  'one two three four one two three four one two',
  'The dog said, "Hello!" The cat said, "Hello!" The dog said',
];
const cases: [string, GenerateOptions][] = [
  ['greedy', { temperature: 0 }],
  ['a seed', { seed: 3 }],
  ['top-k and top-p', { seed: 4, topK: 20, topP: 0.8, temperature: 0.7 }],
  ['penalties', { seed: 5, repetitionPenalty: 1.2, frequencyPenalty: 0.3, presencePenalty: 0.2, noRepeatNgramSize: 3 }],
  ['greedy with penalties', { temperature: 0, repetitionPenalty: 1.3 }],
  ['biases and bans', { seed: 6, logitBias: { 13: 2 }, bannedTokenIds: [11], bannedTexts: ['cat'] }],
  ['log-probabilities', { seed: 7, logprobs: 3 }],
  ['a stop text', { temperature: 0, stop: ['. '] }],
  ['a minimum length', { seed: 8, minNewTokens: 30 }],
  ['several sequences', { seed: 9, numSequences: 3, maxNewTokens: 20 }],
  ['a constraint', { seed: 10, constraint: { regex: '( [a-z]{2,6}){8,12}\\.' } }],
  ['one token', { temperature: 0, maxNewTokens: 1 }],
  ['no token', { temperature: 0, maxNewTokens: 0 }],
];

describe.each(['q8', 'q4', 'f32'] as const)('drafts change nothing but the speed, %s', (dtype) => {
  let model: GptModel;
  let draft: GptModel;
  let restore: () => void;
  beforeAll(async () => {
    model = await load('models/default', dtype);
    draft = await load('models/default', dtype === 'q4' ? 'q8' : 'q4');
    restore = alwaysDraft();
  });
  afterAll(async () => {
    restore();
    await model.dispose();
    await draft.dispose();
  });

  // f32 differs in how sums are rounded, not in what is done with them.
  it.each(dtype === 'f32' ? cases.slice(0, 5) : cases)('%s', async (_, options) => {
    let accepted = 0;
    for (const prompt of prompts) {
      const given = { maxNewTokens: 48, ...options };
      const plain = await model.generate(prompt, given);
      expect(plain.usage).not.toHaveProperty('draftedTokens');
      for (const guesser of ['prompt', draft] as const) {
        const drafted = await model.generate(prompt, { ...given, draft: guesser });
        expect(told(drafted)).toEqual(told(plain));
        const { draftedTokens = -1, acceptedTokens = -1 } = drafted.usage;
        expect(acceptedTokens).toBeGreaterThanOrEqual(0);
        expect(draftedTokens).toBeGreaterThanOrEqual(acceptedTokens);
        accepted += acceptedTokens;
      }
    }
    if ((options.maxNewTokens ?? 48) > 1) expect(accepted).toBeGreaterThan(0);
  });
});

describe('drafts', () => {
  let model: GptModel;
  let draft: GptModel;
  beforeAll(async () => {
    model = await load('models/default', 'q8');
    draft = await load('models/default', 'q4');
  });
  afterAll(async () => {
    await model.dispose();
    await draft.dispose();
  });

  it('go to the end of the context, and no further', async () => {
    const restore = alwaysDraft();
    const prompt = new Uint32Array(model.contextLength - 20).map((_, i) => [300, 301, 302, 303][i % 4]);
    const given = { temperature: 0, maxNewTokens: 100, stopTokenIds: [] };
    const plain = await model.generate(prompt, given);
    for (const guesser of ['prompt', draft] as const)
      expect(told(await model.generate(prompt, { ...given, draft: guesser }))).toEqual(told(plain));
    restore();
  });

  it('leave a KV cache that later calls may go on from', async () => {
    const restore = alwaysDraft();
    const first = await model.generate(prompts[1], { seed: 1, maxNewTokens: 30, draft: 'prompt' });
    restore();
    const ids = [...model.tokenizer.encode(prompts[1]), ...first.tokenIds];
    const again = await model.generate(ids, { temperature: 0, maxNewTokens: 20 });
    expect(again.usage.cachedTokens).toBe(ids.length - 1);
    await model.generate('Something else', { maxNewTokens: 1 });
    expect((await model.generate(ids, { temperature: 0, maxNewTokens: 20 })).tokenIds).toEqual(again.tokenIds);
  });

  it('end with an abort in their midst, within a pass', async () => {
    const abort = new AbortController();
    const generation = model.generate(prompts[1], { seed: 1, maxNewTokens: 500, draft, signal: abort.signal });
    let parts = 0;
    for await (const _ of generation) if (++parts === 5) abort.abort();
    const { finishReason, tokenIds } = await generation;
    expect(finishReason).toBe('aborted');
    expect(tokenIds.length).toBeLessThan(20);
    const [after, plain] = [
      await model.generate(prompts[1], { temperature: 0, maxNewTokens: 20, draft }),
      await model.generate(prompts[1], { temperature: 0, maxNewTokens: 20 }),
    ];
    expect(after.tokenIds).toEqual(plain.tokenIds);
  });

  it('do without a draft model that is busy or goes away', async () => {
    const restore = alwaysDraft();
    const given = { temperature: 0, maxNewTokens: 60 };
    const plain = await model.generate(prompts[0], given);
    const late = await load('models/default', 'q4');
    const busy = late.generate('A long story', { maxNewTokens: 200 }).then((result) => result);
    expect((await model.generate(prompts[0], { ...given, draft: late })).tokenIds).toEqual(plain.tokenIds);
    await busy;
    const generation = model.generate(prompts[0], { ...given, draft: late });
    for await (const _ of generation) await late.dispose();
    expect((await generation).tokenIds).toEqual(plain.tokenIds);
    restore();
  });

  it('count in a chat', async () => {
    const { usage } = await model.chat([{ role: 'user', content: prompts[1] }], {
      template: 'plain',
      maxNewTokens: 10,
      temperature: 0,
      draft: 'prompt',
    });
    expect(usage.draftedTokens).toBeGreaterThanOrEqual(0);
    expect(usage.acceptedTokens).toBeGreaterThanOrEqual(0);
  });

  it.each<[string, object, string, RegExp]>([
    ['an empty id', { draft: '' }, 'INVALID_OPTION', /draft is ''/],
    ['a number', { draft: 3 }, 'INVALID_OPTION', /draft is 3/],
    ['what is no model', { draft: { generate() {} } }, 'INVALID_OPTION', /a model of loadModel\(\)/],
    ['beams', { draft: 'prompt', numBeams: 2 }, 'INVALID_OPTION', /draft does not go with numBeams/],
  ])('are refused: %s', async (_, options, code, message) => {
    await expect(model.generate('x', options)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });

  it('are refused of the model itself, of one with other tokens and of one that is disposed', async () => {
    await expect(model.generate('x', { draft: model })).rejects.toMatchObject({ code: 'INVALID_OPTION' });
    const other = await load('fixtures/gpt2-tiny', 'q8');
    await expect(model.generate('x', { draft: other })).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      message: expect.stringMatching(/draft has another tokenizer: \d+ tokens instead of \d+/),
    });
    await other.dispose();
    await expect(model.generate('x', { draft: other })).rejects.toMatchObject({ code: 'DISPOSED' });
  });
});

describe('the distribution of drafted tokens', () => {
  it('is the one of plain ones (chi-square over seeds, three tokens far)', async () => {
    const restore = alwaysDraft();
    const checkpoint = await openCheckpoint('fixtures/gpt2-tiny');
    const config = { ...checkpoint.config, eosTokenIds: [] };
    const builder = await createWasmEngineBuilder(config, { dtype: 'q8' });
    for await (const part of checkpoint.tensors()) await builder.setTensor(part);
    const model = loadedModelOf({
      engine: coarse(await builder.finish()),
      config,
      tokenizer: undefined,
      generationDefaults: {},
      head: undefined,
      checkpoint: noCheckpoint,
    });
    const runs = 800;
    const counts = { plain: new Map<string, number>(), drafted: new Map<string, number>() };
    let accepted = 0;
    // Every pair of tokens came before, so that there always is a guess.
    const random = seededRandom(1);
    const prompt = Array.from({ length: 150 }, () => Math.floor(6 * random()));
    for (let seed = 0; seed < runs; seed++) {
      for (const [way, map] of Object.entries(counts)) {
        // Other seeds, so that equal tokens are no equal draws.
        const options = way === 'plain' ? { seed: seed + runs } : { seed, draft: 'prompt' as const };
        const { tokenIds, usage } = await model.generate(prompt, {
          maxNewTokens: 4,
          temperature: 0.9,
          topP: 0.95,
          ...options,
        });
        accepted += usage.acceptedTokens ?? 0;
        const key = tokenIds.slice(1).join(' ');
        map.set(key, (map.get(key) ?? 0) + 1);
      }
    }
    restore();
    expect(accepted).toBeGreaterThan(runs / 5);
    // Two samples of the same size: the sum of (a - b)² / (a + b) over cells with enough in them.
    let [chiSquare, cells] = [0, 0];
    for (const key of new Set([...counts.plain.keys(), ...counts.drafted.keys()])) {
      const [a, b] = [counts.plain.get(key) ?? 0, counts.drafted.get(key) ?? 0];
      if (a + b < 10) continue;
      chiSquare += (a - b) ** 2 / (a + b);
      cells++;
    }
    expect(cells).toBeGreaterThan(10);
    // Mean `cells`, variance twice that: four deviations are one failure in ten thousands.
    expect(chiSquare).toBeLessThan(cells + 4 * Math.sqrt(2 * cells));
  });
});

/** Only six tokens come, so that many runs meet each text often. */
function coarse(engine: Engine): Engine {
  return new Proxy(engine, {
    get(target, name: keyof Engine) {
      const value = target[name];
      if (name !== 'forward') return typeof value === 'function' ? (value as () => unknown).bind(target) : value;
      return async (...args: Parameters<Engine['forward']>) => {
        const result = await target.forward(...args);
        const V = target.config.vocabSize;
        result.logits?.forEach((_, i, logits) => {
          if (i % V > 5) logits[i] = -Infinity;
        });
        return result;
      };
    },
  });
}

describe('the length of drafts', () => {
  const measured = (perToken: number): PassCosts => {
    const costs = new PassCosts();
    for (const tokens of [1, 2, 3, 4, 6, 8, 12, 16])
      for (let i = 0; i < 5; i++) costs.add(tokens, 10 * (1 + perToken * (tokens - 1)));
    return costs;
  };
  const begun = (costs: PassCosts): DraftLength => {
    const length = new DraftLength(costs);
    for (let i = 0; i < 100; i++) length.stepped(10);
    return length;
  };

  it('grows where guesses are right and further tokens cost little', () => {
    const length = begun(measured(0.05));
    for (let i = 0; i < 10; i++) {
      length.saw(0, 7, 7);
      length.passed(8, 13.5);
    }
    expect(length.choose(0, 15, 0)).toBe(15);
    expect(length.choose(0, 6, 0)).toBe(5);
  });

  it('is 0 where guesses are wrong, where a pass costs as much as its tokens, and before anything is known', () => {
    const wrong = begun(measured(0.1));
    for (let i = 0; i < 30; i++) wrong.saw(0, 0, 1);
    expect(wrong.choose(0, 15, 0)).toBe(0);
    expect(begun(measured(1)).choose(0, 15, 0)).toBe(0);
    expect(begun(measured(0.1)).choose(0, 15, 10)).toBe(0);
    expect(new DraftLength(measured(0.1)).choose(0, 15, 0)).toBe(0);
  });

  it('never brings drafting more than a step and 1.5 % behind, however often it is wrong', () => {
    const costs = measured(0.4);
    const length = new DraftLength(costs);
    let [time, tokens] = [0, 0];
    while (tokens < 500) {
      const chosen = length.choose(0, 15, 0);
      const ms = costs.of(chosen + 1) as number;
      if (chosen === 0) length.stepped(ms);
      else length.passed(1, ms);
      // What is seen says always that it would pay.
      length.saw(0, 15, 15);
      time += ms;
      tokens++;
    }
    expect(time).toBeGreaterThan(500 * 10);
    expect(time).toBeLessThan(500 * 10 * 1.015 + 2 * 10);
  });
});
