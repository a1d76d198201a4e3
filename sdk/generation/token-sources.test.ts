import { beforeAll, describe, expect, it } from 'vitest';
import type { Candidates, ChoosingEngine, Engine } from '../backends/engine.ts';
import { createReferenceEngineBuilder } from '../backends/reference/index.ts';
import type { GenerateOptions } from '../loaded-model/generate-options.ts';
import type { GptModel } from '../loaded-model/gpt-model.ts';
import { loadedModelOf } from '../testing/loaded-model-of.ts';
import { noCheckpoint } from '../testing/no-checkpoint.ts';
import { openCheckpoint } from '../testing/open-checkpoint.ts';
import { createTokenizer } from '../tokenizer.ts';

/** The likeliest `most` of a row, as an engine that chooses would give them. */
function candidatesOf(logits: Float32Array, most: number): Candidates {
  const ids = Array.from(logits.keys()).sort((a, b) => logits[b] - logits[a] || a - b);
  const max = logits[ids[0]];
  const logSumExp = max + Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit - max), 0));
  const kept = ids.slice(0, most);
  return { tokenIds: Uint32Array.from(kept), logits: Float32Array.from(kept, (id) => logits[id]), logSumExp };
}

/** Gives the reference engine the GPU's extra calls, and counts them. */
function choosing(engine: Engine, calls: Record<string, number>): ChoosingEngine {
  const last = async (...args: Parameters<Engine['forward']>): Promise<Float32Array> =>
    (await engine.forward(...args)).logits as Float32Array;
  const count = (name: string): void => {
    calls[name] = (calls[name] ?? 0) + 1;
  };
  return {
    backend: engine.backend,
    config: engine.config,
    dtype: engine.dtype,
    bytes: engine.bytes,
    mostStepsAhead: 16,
    mostCandidates: 40,
    forward: (...args: Parameters<Engine['forward']>) => {
      count('forward');
      return engine.forward(...args);
    },
    forwardBatch: (...args: Parameters<Engine['forwardBatch']>) => engine.forwardBatch(...args),
    reaches: () => true,
    reserveSlots: (n: number) => engine.reserveSlots(n),
    copySlot: (...args: Parameters<Engine['copySlot']>) => engine.copySlot(...args),
    addAdapter: (...args: Parameters<Engine['addAdapter']>) => engine.addAdapter(...args),
    removeAdapter: (id: number) => engine.removeAdapter(id),
    dispose: () => engine.dispose(),
    forwardCandidates: async (tokenIds: Uint32Array, position: number) => {
      count('forwardCandidates');
      return candidatesOf(await last(tokenIds, position), 40);
    },
    decodeGreedy: async (tokenId: number, position: number, steps: number) => {
      count('decodeGreedy');
      const chosen: number[] = [];
      for (let i = 0; i < steps; i++) {
        chosen.push(candidatesOf(await last(Uint32Array.of(chosen.at(-1) ?? tokenId), position + i), 1).tokenIds[0]);
      }
      return Uint32Array.from(chosen);
    },
  };
}

const calls: Record<string, number> = {};

async function load(choose: boolean): Promise<GptModel> {
  const checkpoint = await openCheckpoint('fixtures/gpt2-tiny');
  const builder = await createReferenceEngineBuilder(checkpoint.config, { dtype: 'f32' });
  for await (const part of checkpoint.tensors()) await builder.setTensor(part);
  const engine = await builder.finish();
  const tokenizer = await createTokenizer(checkpoint.tokenizerFiles);
  return loadedModelOf({
    engine: choose ? choosing(engine, calls) : engine,
    config: checkpoint.config,
    tokenizer,
    generationDefaults: {},
    head: undefined,
    checkpoint: noCheckpoint,
  });
}

describe('an engine that chooses tokens gives the tokens of whole rows', () => {
  let plain: GptModel;
  let chosen: GptModel;
  beforeAll(async () => {
    plain = await load(false);
    chosen = await load(true);
  });

  const cases: [string, GenerateOptions, string][] = [
    ['greedy', { temperature: 0 }, 'decodeGreedy'],
    ['greedy to the end of the context', { temperature: 0, maxNewTokens: 1000 }, 'decodeGreedy'],
    ['greedy with a stop text', { temperature: 0, stop: ['a', 'e'] }, 'decodeGreedy'],
    ['top-k', { topK: 10, seed: 1 }, 'forwardCandidates'],
    ['top-k, top-p, hot', { topK: 40, topP: 0.9, temperature: 1.7, seed: 2 }, 'forwardCandidates'],
    ['top-k, min-p, typical', { topK: 25, minP: 0.05, typicalP: 0.8, seed: 3 }, 'forwardCandidates'],
    ['top-k with log-probabilities', { topK: 12, logprobs: 5, seed: 4 }, 'forwardCandidates'],
    ['more top-k than candidates', { topK: 41, seed: 5 }, 'forward'],
    ['top-p alone', { topP: 0.9, seed: 6 }, 'forward'],
    ['a penalty', { temperature: 0, repetitionPenalty: 1.2 }, 'forward'],
    ['a minimum length', { temperature: 0, minNewTokens: 5 }, 'forward'],
    ['a constraint', { temperature: 0, constraint: { regex: '[a-z ]{3,12}' } }, 'forward'],
  ];
  it.each(cases)('%s', async (_, options, call) => {
    const given = { maxNewTokens: 40, ...options };
    const expected = await plain.generate('Hello', given);
    for (const key of Object.keys(calls)) delete calls[key];
    const got = await chosen.generate('Hello', given);
    expect(got.tokenIds).toEqual(expected.tokenIds);
    expect([got.text, got.finishReason]).toEqual([expected.text, expected.finishReason]);
    expect(calls[call]).toBeGreaterThan(0);
    if (call !== 'forward') expect(calls.forward).toBeUndefined();
    got.logprobs?.forEach((token, i) => {
      const other = expected.logprobs?.[i];
      expect(token.logprob).toBeCloseTo(other?.logprob as number, 5);
      expect(token.top.map(({ tokenId }) => tokenId)).toEqual(other?.top.map(({ tokenId }) => tokenId));
    });
  });

  it('runs several greedy steps a call, and what it ran beyond a stop costs no later answer', async () => {
    for (const key of Object.keys(calls)) delete calls[key];
    const stopped = await chosen.generate('Once more', { temperature: 0, maxNewTokens: 60 });
    expect(calls.decodeGreedy).toBeLessThan(40);
    const again = await chosen.generate('Once more', { temperature: 0, maxNewTokens: 30 });
    expect(again.tokenIds).toEqual(stopped.tokenIds.slice(0, 30));
    expect((await chosen.generate('Something else', { temperature: 0, maxNewTokens: 10 })).tokenIds).toEqual(
      (await plain.generate('Something else', { temperature: 0, maxNewTokens: 10 })).tokenIds,
    );
  });
});
