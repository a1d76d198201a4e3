import { readFileSync } from 'node:fs';
import type { FuzzTarget } from './fuzz.ts';
import { tinyGguf } from './tiny-gguf.ts';

/** Sound checkpoints of the repository, each with the file that is to be spoilt. */
export function fuzzTargets(repository: string): FuzzTarget[] {
  const read = (folder: string, names: readonly string[]): Record<string, Uint8Array> =>
    Object.fromEntries(names.map((name) => [name, new Uint8Array(readFileSync(`${repository}/${folder}/${name}`))]));
  const safetensors = read('fixtures/gpt2-untied-eps', ['config.json', 'model.safetensors']);
  const half = read('fixtures/gpt2-f16', ['config.json', 'model.safetensors']);
  const shards = ['model-00001-of-00002.safetensors', 'model-00002-of-00002.safetensors'];
  const sharded = read('fixtures/gpt2-sharded', ['config.json', 'model.safetensors.index.json', ...shards]);
  const pytorch = read('sdk/checkpoint/testing/pytorch/tied', ['config.json', 'pytorch_model.bin']);
  const legacy = read('sdk/checkpoint/testing/pytorch/legacy', ['config.json', 'pytorch_model.bin']);
  const gemma = read('fixtures/families/gemma3', ['config.json', 'model.safetensors']);
  const gptJ = read('fixtures/families/gptj', ['config.json', 'model.safetensors']);
  const neo = read('fixtures/gpt-neo-classifier', ['config.json', 'model.safetensors']);
  // Made by: gptlet quantize sdk/checkpoint/testing/pytorch/tied --dtype q4 --out sdk/checkpoint/testing/quantised
  const quantised = read('sdk/checkpoint/testing/quantised', ['config.json', 'model.safetensors']);
  const generation = new TextEncoder().encode(
    '{"do_sample":true,"temperature":0.7,"top_k":50,"top_p":0.9,"eos_token_id":[1,2]}',
  );
  return [
    { name: 'safetensors', files: safetensors, file: 'model.safetensors', focus: 2500 },
    { name: 'safetensors of f16', files: half, file: 'model.safetensors', focus: 2500 },
    { name: 'quantised file', files: quantised, file: 'model.safetensors', focus: 2600 },
    { name: 'index', files: sharded, file: 'model.safetensors.index.json', focus: 3000 },
    { name: 'zip and pickle', files: pytorch, file: 'pytorch_model.bin', focus: 6631 },
    { name: 'pickle before torch 1.6', files: legacy, file: 'pytorch_model.bin', focus: 2400 },
    // Metadata, then 26 tensors.
    { name: 'GGUF', files: { 'tiny.gguf': tinyGguf() }, file: 'tiny.gguf', focus: 3000 },
    { name: 'config', files: safetensors, file: 'config.json', focus: 1000 },
    { name: 'config of GPT-Neo', files: neo, file: 'config.json', focus: 1000 },
    { name: 'config of Gemma 3', files: gemma, file: 'config.json', focus: 1000 },
    { name: 'config of GPT-J', files: gptJ, file: 'config.json', focus: 1000 },
    {
      name: 'generation config',
      files: { ...half, 'generation_config.json': generation },
      file: 'generation_config.json',
      focus: 200,
    },
  ];
}
