import { describe, expect, it } from 'vitest';
import type { GenerateOptions } from '../loaded-model/generate-options.ts';
import { createGeneration, nothingGenerated } from '../loaded-model/generation.ts';
import { type CompletionModel, CompletionStore } from './completion-store.ts';

/** Says its pieces, one every 20 ms. */
const talkative = (pieces: readonly string[], given: GenerateOptions[] = []): CompletionModel => ({
  generate: (_, options = {}) =>
    createGeneration(() => ({
      signal: options.signal,
      run: async (onPart, signal) => {
        given.push(options);
        let text = '';
        for (const piece of pieces) {
          await new Promise((resolve) => setTimeout(resolve, 20));
          if (signal.aborted) return { ...nothingGenerated(0, 0), text };
          onPart({ text: piece, tokenIds: [] });
          text += piece;
        }
        return { ...nothingGenerated(0, 0), text, finishReason: 'stop' };
      },
    })),
});

function storeOf(model: CompletionModel | undefined) {
  const store = new CompletionStore('');
  store.model.set(model);
  const states: string[] = [];
  store.subscribe(() => states.push(`${store.get().status}: ${store.get().completion}`));
  return { store, states };
}

const untilShown = async (store: CompletionStore): Promise<void> => {
  while (store.get().completion === '') await new Promise((resolve) => store.subscribe(() => resolve(undefined)));
};

describe('a completion', () => {
  it('streams, and is told less often than there are tokens', async () => {
    const pieces = Array.from({ length: 20 }, (_, i) => ` ${i}`);
    const { store, states } = storeOf(talkative(pieces));
    const result = await store.complete('Count:');
    expect(result?.text).toBe(pieces.join(''));
    expect(states[0]).toBe('submitted: ');
    expect(states.at(-1)).toBe(`ready: ${pieces.join('')}`);
    const between = states.slice(1, -1);
    expect(between.length).toBeGreaterThan(1);
    expect(between.length).toBeLessThan(pieces.length / 2);
    for (const state of between) expect(state).toMatch(/^streaming: {2}?0( \d+)*$/);
  });

  it('that is stopped keeps what came, and nothing comes later', async () => {
    const { store } = storeOf(talkative(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j']));
    const completing = store.complete('x');
    await untilShown(store);
    store.stop();
    const { completion, status } = store.get();
    expect(status).toBe('ready');
    expect('abcdefghij'.startsWith(completion) && completion.length < 10).toBe(true);
    expect(await completing).toBeUndefined();
    expect(store.get()).toMatchObject({ completion, status: 'ready', error: undefined });
  });

  it('takes the place of the one before', async () => {
    const { store } = storeOf(talkative(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']));
    const first = store.complete('x');
    await untilShown(store);
    store.model.set(talkative(['new']));
    expect((await store.complete('y'))?.text).toBe('new');
    expect(await first).toBeUndefined();
    expect(store.get().completion).toBe('new');
  });

  it('that was asked for before there is a model waits for it, or is stopped', async () => {
    const { store } = storeOf(undefined);
    const stopped = store.complete('x');
    store.stop();
    expect(await stopped).toBeUndefined();
    expect(store.get()).toMatchObject({ status: 'ready', error: undefined });
    const waiting = store.complete('x');
    expect(store.get().status).toBe('submitted');
    store.model.set(talkative(['there']));
    expect((await waiting)?.text).toBe('there');
  });

  it('has the options of the last render, and its own before those', async () => {
    const given: GenerateOptions[] = [];
    const { store } = storeOf(talkative(['x'], given));
    const completing = store.complete('x', { topK: 2 });
    // As where a child's effect asks before its parent's effect has set them.
    store.options = { temperature: 0.5, topK: 1 };
    await completing;
    expect(given[0]).toMatchObject({ temperature: 0.5, topK: 2 });
  });

  it.each([
    [
      'an error of the model',
      { generate: () => createGeneration(() => ({ run: () => Promise.reject(new Error('lost')) })) },
    ],
    ['what is no model', { model: 'x' } as never],
  ])('tells %s, and rejects nothing', async (_, model) => {
    const { store } = storeOf(model as CompletionModel);
    expect(await store.complete('x')).toBeUndefined();
    expect(store.get()).toMatchObject({ status: 'error', error: expect.any(Error) });
    store.model.set(talkative(['well']));
    await store.complete('x');
    expect(store.get()).toMatchObject({ status: 'ready', error: undefined, completion: 'well' });
  });
});
