import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createReferenceEngineBuilder } from '../backends/reference/index.ts';
import { someAdapter } from '../checkpoint/peft/testing/some-adapter.ts';
import { writeAdapter } from '../checkpoint/peft/write-adapter.ts';
import { createClassifier } from '../heads.ts';
import { resolveLoadOptions } from '../loading/load-options.ts';
import { loadModelHere } from '../testing/load-model-here.ts';
import { openCheckpoint } from '../testing/open-checkpoint.ts';
import type { GptModel } from './gpt-model.ts';

const folder = 'fixtures/gpt2-tiny';

const greedy = { temperature: 0, maxNewTokens: 24, stopTokenIds: [] };
const prompt = [10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110, 120];

describe.each(['f32', 'q8', 'q4'] as const)('adapters of a model in %s', (dtype) => {
  let model: GptModel;
  let files: ReturnType<typeof writeAdapter>[];
  beforeAll(async () => {
    model = await loadModelHere(folder, resolveLoadOptions({ backend: 'wasm', dtype }));
    files = [1, 2].map((seed) => writeAdapter(model.config, someAdapter(model.config, seed)));
    expect(await model.loadAdapter(files[0], { name: 'one' })).toBe('one');
    expect(await model.loadAdapter(files[1], { name: 'two' })).toBe('two');
  });
  afterAll(() => model.dispose());

  it('are there by their names, and choose what comes', async () => {
    expect(model.adapters).toEqual(['one', 'two']);
    const texts = [undefined, 'one', 'two'].map(
      async (adapter) => (await model.generate(prompt, { ...greedy, adapter })).tokenIds,
    );
    const [plain, one, two] = await Promise.all(texts);
    expect(one).not.toEqual(plain);
    expect(two).not.toEqual(plain);
    expect(two).not.toEqual(one);
  });

  it('give each call what it gives alone, however calls follow each other', async () => {
    const calls: ((adapter: string | undefined) => Promise<unknown>)[] = [
      async (adapter) => (await model.generate(prompt, { ...greedy, adapter })).tokenIds,
      async (adapter) => (await model.generate(prompt, { ...greedy, adapter, numBeams: 3, numSequences: 2 })).sequences,
      async (adapter) => (await model.generate(prompt, { ...greedy, adapter, draft: 'prompt' })).tokenIds,
      async (adapter) =>
        (await model.generate(prompt, { maxNewTokens: 12, seed: 3, numSequences: 2, adapter })).sequences,
      (adapter) => model.forward(prompt, { adapter }),
      (adapter) =>
        model.scoreBatch(['The cat sat on the mat and slept', 'The cat sat on the mat and ate'], { adapter }),
      (adapter) => model.score({ context: 'Hello', continuation: ' world' }, { adapter }),
      (adapter) => model.embed('Hello there', { adapter }),
      (adapter) => model.embedBatch(['Hello there', 'Hello', 'Hello there, you'], { pooling: 'mean', adapter }),
      (adapter) => model.inspect(prompt, { adapter }),
    ];
    const adapters = [undefined, 'one', 'two'];
    const alone: unknown[][] = [];
    for (const adapter of adapters) {
      // A model on which nothing else has run.
      const fresh = await loadModelHere(folder, resolveLoadOptions({ backend: 'wasm', dtype }));
      for (const [i, each] of files.entries()) await fresh.loadAdapter(each, { name: ['one', 'two'][i] });
      const before = model;
      model = fresh;
      const results: unknown[] = [];
      for (const call of calls) results.push(await call(adapter));
      model = before;
      alone.push(results);
      await fresh.dispose();
    }
    for (const [i, call] of calls.entries()) {
      const mixed = await Promise.all([0, 1, 2, 1, 0, 2].map(async (a) => [a, await call(adapters[a])] as const));
      for (const [a, result] of mixed)
        expect(withoutLastBits(result), `call ${i}, adapter ${a}`).toEqual(withoutLastBits(alone[a][i]));
      expect(withoutLastBits(alone[1][i]), `call ${i}`).not.toEqual(withoutLastBits(alone[0][i]));
    }
  });

  it('reuse what they themselves have read, and nothing that another has', async () => {
    const usage = async (adapter?: string) =>
      (await model.generate(prompt, { ...greedy, maxNewTokens: 1, adapter })).usage.cachedTokens;
    await usage('two');
    expect(await usage('one')).toBe(0);
    expect(await usage('one')).toBe(prompt.length - 1);
    expect(await usage()).toBe(0);
    expect(await usage('one')).toBe(0);
  });
});

/** In f32, what was in the cache rounds otherwise: the last bits of numbers are not compared. */
function withoutLastBits(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (_, each) =>
      ArrayBuffer.isView(each)
        ? Array.from(each as Float32Array)
        : typeof each === 'number' && !Number.isInteger(each)
          ? Number(each.toPrecision(3))
          : each,
    ),
  );
}

describe('an adapter', () => {
  let model: GptModel;
  beforeAll(async () => {
    model = await loadModelHere(folder, resolveLoadOptions({ backend: 'wasm', dtype: 'f32' }));
  });
  afterAll(() => model.dispose());
  const filesOf = (seed: number): ReturnType<typeof writeAdapter> =>
    writeAdapter(model.config, someAdapter(model.config, seed));

  it('gives the logits of the slow reference', async () => {
    const adapter = someAdapter(model.config, 1);
    const name = await model.loadAdapter(filesOf(1));
    expect(name).toBe('adapter');
    const checkpoint = await openCheckpoint(folder);
    const builder = await createReferenceEngineBuilder(checkpoint.config, { dtype: 'f32' });
    for await (const part of checkpoint.tensors()) await builder.setTensor(part);
    const reference = await builder.finish();
    const id = await reference.addAdapter(adapter);
    const wanted = (await reference.forward(Uint32Array.from(prompt), 0, { logits: 'all', adapter: id }))
      .logits as Float32Array;
    const logits = await model.forward(prompt, { adapter: name });
    for (const [i, value] of wanted.entries()) expect(Math.abs(logits[i] - value)).toBeLessThan(1e-4);
    await model.unloadAdapter(name);
  });

  it('is scaled, down to nothing', async () => {
    const plain = await model.forward(prompt);
    const names = [
      await model.loadAdapter(filesOf(1), { scale: 0 }),
      await model.loadAdapter(filesOf(1), { scale: 0.5 }),
      await model.loadAdapter(filesOf(1)),
    ];
    expect(names).toEqual(['adapter', 'adapter-2', 'adapter-3']);
    const [none, half, whole] = await Promise.all(names.map((adapter) => model.forward(prompt, { adapter })));
    expect(none).toEqual(plain);
    const distance = (a: Float32Array): number => Math.hypot(...a.map((value, i) => value - plain[i]));
    expect(distance(half)).toBeGreaterThan(0);
    expect(distance(whole)).toBeGreaterThan(distance(half));
    for (const name of names) await model.unloadAdapter(name);
    expect(model.adapters).toEqual([]);
  });

  it('that is not there is told, with those that are', async () => {
    await expect(model.generate('x', { adapter: 'mine' })).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      message: "There is no adapter 'mine'; none is loaded. Call loadAdapter first.",
    });
    await model.loadAdapter(filesOf(1), { name: 'yours' });
    for (const call of [() => model.forward([1], { adapter: 'mine' }), () => model.unloadAdapter('mine')])
      await expect(call()).rejects.toMatchObject({
        message: "There is no adapter 'mine'; loaded are 'yours'. Call loadAdapter first.",
      });
    await expect(model.loadAdapter(filesOf(2), { name: 'yours' })).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      message: "There is an adapter 'yours' already. Unload it first, or give this one another name.",
    });
    for (const name of ['', 3, undefined])
      await expect(model.unloadAdapter(name as string)).rejects.toMatchObject({ code: 'INVALID_OPTION' });
    await model.unloadAdapter('yours');
  });

  it('goes in its turn: calls before it have it still, calls after it no more', async () => {
    const name = await model.loadAdapter(filesOf(1));
    const before = model.generate(prompt, { ...greedy, adapter: name }).then(({ tokenIds }) => tokenIds.length);
    const gone = model.unloadAdapter(name);
    const after = model.generate(prompt, { ...greedy, adapter: name }).then(
      () => 'no error',
      ({ code }) => code,
    );
    expect(await Promise.all([before, gone, after])).toEqual([24, undefined, 'INVALID_OPTION']);
  });

  it('is not loaded once its signal is aborted, nor by a model that is no more', async () => {
    const reason = new Error('enough');
    await expect(model.loadAdapter(filesOf(1), { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    const other = await loadModelHere(folder, resolveLoadOptions({ backend: 'wasm' }));
    const loading = other.loadAdapter(filesOf(1));
    await other.dispose();
    await expect(loading).rejects.toMatchObject({ code: 'DISPOSED' });
    await expect(other.loadAdapter(filesOf(1))).rejects.toMatchObject({ code: 'DISPOSED' });
    expect(model.adapters).toEqual([]);
  });

  it('comes from a folder on disk, and from one that was dropped', async () => {
    const dropped = Object.fromEntries(
      Object.entries(filesOf(1)).map(([name, bytes]) => [`mine/${name}`, new Blob([bytes])]),
    );
    expect(await model.loadAdapter(dropped, { name: 'dropped' })).toBe('dropped');
    await expect(model.loadAdapter('./fixtures/gpt2-tiny')).rejects.toMatchObject({ code: 'MODEL_NOT_FOUND' });
    await model.unloadAdapter('dropped');
  });

  it('with a head answers classifyIds, and classifier tasks where the model has one', async () => {
    const head = {
      weight: Float32Array.from({ length: 2 * model.config.nEmbd }, (_, i) => Math.sin(i)),
      bias: Float32Array.of(0, 5),
    };
    await expect(model.classifyIds(prompt)).rejects.toMatchObject({ code: 'UNSUPPORTED_MODEL' });
    const adapter = await model.loadAdapter(writeAdapter(model.config, someAdapter(model.config, 1), { head }));
    const hidden = (await model.inspect(prompt, { adapter, attention: false })).hiddenStates as Float32Array;
    const last = hidden.subarray(-model.config.nEmbd);
    const wanted = [0, 1].map((label) =>
      last.reduce((sum, value, c) => sum + value * head.weight[label * model.config.nEmbd + c], head.bias[label]),
    );
    const logits = await model.classifyIds(prompt, { adapter });
    for (const [i, value] of wanted.entries()) expect(logits[i]).toBeCloseTo(value, 3);
    await model.unloadAdapter(adapter);

    const classifier = createClassifier(
      await loadModelHere('fixtures/gpt2-entailment-classifier', resolveLoadOptions({ backend: 'wasm', dtype: 'f32' })),
    );
    const { config } = classifier.model;
    const labels = config.head?.labels.length as number;
    const zeros = { weight: new Float32Array(labels * config.nEmbd) };
    const name = await classifier.model.loadAdapter(writeAdapter(config, someAdapter(config, 1), { head: zeros }));
    const scores = await classifier.entail({ premise: 'It rains.', hypothesis: 'It is wet.' }, { adapter: name });
    expect(scores.map(({ score }) => score.toFixed(6))).toEqual(Array(labels).fill((1 / labels).toFixed(6)));
    await classifier.dispose();
  });
});

describe.each(['f32', 'q8'] as const)('an adapter merged into a model in %s', (dtype) => {
  const load = (): Promise<GptModel> => loadModelHere(folder, resolveLoadOptions({ backend: 'wasm', dtype }));
  // Merged, it is rounded with the weights: of the logits' spread, 1.7 of q8's steps.
  const tolerance = { f32: 1e-4, q8: 0.25 }[dtype];
  const difference = (a: Float32Array, b: Float32Array): number =>
    Math.hypot(...a.map((value, i) => value - b[i])) / Math.hypot(...b);

  it('computes what it does beside it, in every call', async () => {
    const [model, other] = [await load(), await load()];
    const files = writeAdapter(model.config, someAdapter(model.config, 1));
    const plain = await model.forward(prompt);
    const adapter = await other.loadAdapter(files, { scale: 0.5 });
    const wanted = await other.forward(prompt, { adapter });
    await model.generate(prompt, { ...greedy, maxNewTokens: 2 });
    expect(await model.loadAdapter(files, { merge: true, scale: 0.5 })).toBe('adapter');
    expect(model.adapters).toEqual([]);
    const merged = await model.forward(prompt);
    expect(difference(merged, wanted)).toBeLessThan(tolerance);
    expect(difference(merged, plain)).toBeGreaterThan(0.3);
    expect((await model.generate(prompt, { ...greedy, maxNewTokens: 2 })).usage.cachedTokens).toBe(0);
    // And another one on top, once those beside are gone.
    const beside = await model.loadAdapter(files, { scale: 0.5 });
    await expect(model.loadAdapter(files, { merge: true })).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      message: "'adapter' would be lost: unload other adapters before one is merged, and load them again.",
    });
    await model.unloadAdapter(beside);
    await model.loadAdapter(files, { merge: true, scale: -0.5 });
    expect(difference(await model.forward(prompt), plain)).toBeLessThan(dtype === 'f32' ? 1e-4 : 0.05);
    await model.dispose();
    await other.dispose();
  });
});
