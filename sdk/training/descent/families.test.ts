import { readFileSync } from 'node:fs';
import { beforeAll, expect, it } from 'vitest';
import { resolveLoadOptions } from '../../loading/load-options.ts';
import { loadModelHere } from '../../testing/load-model-here.ts';
import { fineTune } from '../fine-tune.ts';
import { loadTrainedAdapter } from '../load-trained-adapter.ts';
import { type TrainedTokenizer, trainTokenizer } from '../tokenizer/train-tokenizer.ts';

// One of each family, and classifiers, whose head is not the one that is trained.
const folders = [
  ...['gpt1-tiny', 'gpt-neo-tiny', 'gpt2-untied-eps'],
  ...['gemma', 'gemma2', 'gemma3', 'gpt_neox', 'gpt_neox-sequential', 'gptj', 'lfm2', 'llama', 'llama-biases'].map(
    inFamilies,
  ),
  ...['mistral', 'olmo2', 'phi3', 'qwen2', 'qwen2-classifier', 'qwen3', 'smollm3', 'starcoder2'].map(inFamilies),
];
function inFamilies(name: string): string {
  return `families/${name}`;
}

let tokenizer: TrainedTokenizer;
beforeAll(async () => {
  tokenizer = await trainTokenizer(['ab cd'], { vocabSize: 257 });
});
const load = (files: Readonly<Record<string, Uint8Array>>) =>
  loadModelHere(files as never, resolveLoadOptions({ backend: 'wasm', dtype: 'f32', contextLength: 24 }));
const open = (folder: string) =>
  load({
    'config.json': readFileSync(`fixtures/${folder}/config.json`),
    'model.safetensors': readFileSync(`fixtures/${folder}/model.safetensors`),
    'tokenizer.json': tokenizer.files['tokenizer.json'],
  });
const labelled = ['ab', 'cd', 'xx', 'yy'].map((text, i) => ({ text, label: `${i % 2}` }));
const once = { storage: false, threads: 1, heldOut: 0 } as const;
const ids = [1, 2, 3, 4, 5, 6, 7, 8];

it.each(folders)('an adapter of %s is the same from its files', async (folder) => {
  const model = await open(folder);
  const trained = await fineTune(model, labelled, { method: 'lora', steps: 3, learningRate: 0.01, ...once });
  const logits = await (await trained.attach(model)).classifyIds(ids);
  const again = await loadTrainedAdapter<'classification'>(trained.files());
  expect(await (await again.attach(model)).classifyIds(ids)).toEqual(logits);
  expect(logits.some((value) => value !== 0)).toBe(true);
  await model.dispose();
});

it.each(folders.filter((folder) => !folder.endsWith('gptj')))('%s is a whole model again', async (folder) => {
  const model = await open(folder);
  // Too little to be seen in f32's first digits.
  const still = { method: 'full', steps: 1, learningRate: 1e-9, weightDecay: 0, dropout: 0, ...once } as const;
  const trained = await fineTune(model, [{ text: 'ab' }, { text: 'cd' }], { task: 'text', ...still });
  const loaded = await load(trained.files());
  const [before, after] = [await model.forward(ids), await loaded.forward(ids)];
  const most = Math.max(...before.map(Math.abs));
  for (const [i, value] of before.entries()) expect(Math.abs(after[i] - value)).toBeLessThan(1e-4 * most);
  await loaded.dispose();
  await model.dispose();
});

it("says that GPT-J's one norm for two cannot be trained in full", async () => {
  const model = await open('families/gptj');
  await expect(fineTune(model, labelled, { method: 'full' })).rejects.toThrow(
    /'h\.0\.ln_1\.weight' is one tensor that serves twice .* take 'lora'/,
  );
  await model.dispose();
});
