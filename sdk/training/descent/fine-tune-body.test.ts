import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClassifier } from '../../heads/classifier.ts';
import type { GptModel } from '../../loaded-model/gpt-model.ts';
import { softmax } from '../../loaded-model/softmax.ts';
import { resolveLoadOptions } from '../../loading/load-options.ts';
import { seededRandom } from '../../platform/seeded-random.ts';
import { loadModelHere } from '../../testing/load-model-here.ts';
import { fineTune } from '../fine-tune.ts';
import { loadTrainedAdapter } from '../load-trained-adapter.ts';
import type { TrainingProgress } from '../training.ts';

const options = { storage: false, threads: 1, learningRate: 5e-3, steps: 40, batchSize: 8 } as const;
// The word that says the label stands first: a body that does not look back cannot know it at the end.
const words = { warm: ['red', 'fire'], cold: ['blue', 'ice'] };
const random = seededRandom(5);
const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)];
const labelled = Array.from({ length: 60 }, (_, i) => {
  const label = i % 2 === 0 ? ('warm' as const) : ('cold' as const);
  return { text: `${pick(words[label])} ${pick(['cat', 'hat'])}`, label };
});
const load = (source: Parameters<typeof loadModelHere>[0]) =>
  loadModelHere(source, resolveLoadOptions({ backend: 'wasm', dtype: 'f32' }));

let model: GptModel;
beforeAll(async () => {
  model = await load('fixtures/gpt2-tiny');
});
afterAll(() => model.dispose());

describe("method 'full'", () => {
  it('makes a model of its own that knows the labels, and tells how good it is on the way', async () => {
    const seen: TrainingProgress[] = [];
    const training = fineTune(model, labelled, { method: 'full', ...options, dropout: 0 });
    for await (const progress of training) seen.push(progress);
    const trained = await training;
    expect(seen[0]).toEqual({ stage: 'prepare', step: 0 });
    expect(seen.at(-1)).toMatchObject({ stage: 'learn', step: 40, steps: 40 });
    expect(seen.filter(({ evaluation }) => evaluation)).not.toEqual([]);
    expect(trained.labels).toEqual(['cold', 'warm']);
    expect(trained.evaluation?.accuracy).toBeGreaterThan(0.9);
    const classifier = createClassifier(await load(trained.files()));
    const [[fire], [ice]] = await classifier.classifyBatch(['fire hat', 'ice hat']);
    expect([fire.label, ice.label]).toEqual(['warm', 'cold']);
    await classifier.dispose();
  });

  it('adds tokens that the tokenizer has not, in the files too', async () => {
    const pairs = labelled.map(({ text, label }) => ({ premise: text, hypothesis: 'so', label }));
    const trained = await fineTune(model, pairs, {
      task: 'entailment',
      method: 'full',
      objective: 'L3',
      startToken: '<|start|>',
      delimiterToken: '<|delimiter|>',
      extractToken: '<|extract|>',
      ...options,
      dropout: 0,
    });
    const loaded = await load(trained.files());
    const { vocabSize } = model.config;
    expect(loaded.config.vocabSize).toBe(vocabSize + 3);
    expect(loaded.tokenizer.specialTokens.get('<|extract|>')).toBe(vocabSize + 2);
    expect(loaded.config.head?.inputFormat).toMatchObject({ delimiterToken: '<|delimiter|>' });
    const [{ label }] = await createClassifier(loaded).entail({ premise: 'fire cat', hypothesis: 'so' });
    expect(label).toBe('warm');
    await loaded.dispose();
  });

  it('goes on with text, and gives what it is by then to look at', async () => {
    const steps: number[] = [];
    const text = 'the cat sat on the mat. '.repeat(6);
    const before = await model.score(text);
    const trained = await fineTune(model, Array(10).fill({ text }), {
      task: 'text',
      method: 'full',
      ...options,
      dropout: 0,
      evaluateEvery: 20,
      onSnapshot: (_, { step }) => steps.push(step),
    });
    expect(steps).toEqual([20, 40]);
    expect(trained.labels).toEqual([]);
    expect(trained.evaluation?.perplexity).toBeCloseTo(Math.exp(trained.evaluation?.loss ?? 0), 6);
    const loaded = await load(trained.files());
    expect((await loaded.score(text)).bitsPerByte).toBeLessThan(before.bitsPerByte / 2);
    // The loss of what was held out is what the model says once it is loaded.
    const ids = Uint32Array.from([...model.tokenizer.encode(text), model.config.eosTokenIds[0]]);
    const T = ids.length - 1;
    const logits = await loaded.forward(ids.subarray(0, T));
    const V = logits.length / T;
    let loss = 0;
    for (let t = 0; t < T; t++) loss -= Math.log(softmax(logits.subarray(t * V, (t + 1) * V))[ids[t + 1]]) / T;
    expect(trained.evaluation?.loss).toBeCloseTo(loss, 4);
    await loaded.dispose();
  });

  it('finds spans', async () => {
    const examples = labelled.map(({ text }) => ({
      text,
      spans: [{ start: 0, end: text.indexOf(' '), label: 'what' }],
    }));
    const { createSpanFinder } = await import('../../heads/span-finder.ts');
    const trained = await fineTune(model, examples, { task: 'tokens', method: 'full', ...options, dropout: 0 });
    expect(trained.evaluation?.spanF1).toBeGreaterThan(0.9);
    const finder = createSpanFinder(await load(trained.files()));
    expect(await finder.findSpans('fire hat')).toMatchObject([{ start: 0, end: 4, label: 'what', text: 'fire' }]);
    await finder.dispose();
  });
});

describe("method 'lora'", () => {
  it('makes an adapter whose files give the same again, and PEFT can read', async () => {
    const trained = await fineTune(model, labelled, { method: 'lora', ...options, learningRate: 0.02 });
    expect(trained.evaluation?.accuracy).toBeGreaterThan(0.9);
    const files = trained.files();
    expect(JSON.parse(new TextDecoder().decode(files['adapter_config.json']))).toMatchObject({
      peft_type: 'LORA',
      task_type: 'SEQ_CLS',
      modules_to_save: ['score'],
      r: 8,
      target_modules: ['attn.c_attn', 'attn.c_proj', 'mlp.c_fc', 'mlp.c_proj'],
    });
    const before = await model.forward([1, 2, 3]);
    const first = await (await trained.attach(model)).classify('fire hat');
    expect(first[0].label).toBe('warm');
    const again = await loadTrainedAdapter<'classification'>(files);
    expect({ ...again, attach: 0, files: 0 }).toEqual({ ...trained, attach: 0, files: 0 });
    expect(again.files()).toEqual(files);
    expect(await (await again.attach(model)).classify('fire hat')).toEqual(first);
    // Without being asked for, it is not there.
    expect(await model.forward([1, 2, 3])).toEqual(before);
  });

  it('is the same for the same seed, and another for another', async () => {
    const weights = async (seed: number) =>
      (await fineTune(model, labelled, { method: 'lora', ...options, steps: 3, seed })).files()[
        'adapter_model.safetensors'
      ];
    const [one, same, other] = [await weights(1), await weights(1), await weights(2)];
    expect(same).toEqual(one);
    expect(other).not.toEqual(one);
  });

  it('learns a completion, on a quantised body too', async () => {
    const quantised = await loadModelHere('fixtures/gpt2-tiny', resolveLoadOptions({ backend: 'wasm', dtype: 'q8' }));
    const examples = Array(12).fill({ prompt: 'What?', completion: ' Yes.' });
    const trained = await fineTune(quantised, examples, { task: 'text', ...options, learningRate: 0.02 });
    const adapter = await trained.attach(quantised);
    const { text } = await quantised.generate('What?', { adapter, temperature: 0, maxNewTokens: 8 });
    expect(text).toBe(' Yes.');
    await quantised.dispose();
  });

  it('changes the matrices that are named, and no others', async () => {
    const trained = await fineTune(model, labelled, { method: 'lora', ...options, steps: 1, targets: ['c_attn'] });
    const said = JSON.parse(new TextDecoder().decode(trained.files()['adapter_config.json']));
    expect(said.target_modules).toEqual(['attn.c_attn']);
    await expect(fineTune(model, labelled, { method: 'lora', targets: ['q_proj'] })).rejects.toThrow(
      /'q_proj', which this checkpoint has not; its matrices are attn\.c_attn, /,
    );
  });

  it('is refused on another body', async () => {
    const trained = await fineTune(model, labelled, { method: 'lora', ...options, steps: 1 });
    const other = await load('fixtures/gpt1-tiny');
    await expect(trained.attach(other)).rejects.toThrow(/The adapter was trained on another body \(gpt2, /);
    await other.dispose();
  });
});
