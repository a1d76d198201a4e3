import { describe, expect, it } from 'vitest';
import { createReferenceEngineBuilder } from '../reference/index.ts';
import { importKernels } from './import-kernels.ts';
import { createWasmEngineBuilder } from './index.ts';
import { loadKernelModule } from './kernel-module.ts';
import { planMemory } from './memory-layout.ts';
import { buildEngine, largestDifference, randomTensors, smallModel } from './testing/random-model.ts';
import { WasmEngine } from './wasm-engine.ts';
import { WasmModel } from './wasm-model.ts';
import { WeightPacker } from './weight-packer.ts';

describe.each(['f32', 'q8', 'q4'] as const)('%s', (dtype) => {
  it('a model whose weights lie above 2 GB computes what it does elsewhere', async () => {
    const config = smallModel({ nHead: 4, nKvHead: 2, headSize: 9, gatedMlp: true, normKind: 'rms' });
    const tensors = randomTensors(config, 4);
    const layout = planMemory(config, dtype, 1, 2_300_000_000);
    const memory = new WebAssembly.Memory({ initial: Math.ceil(layout.totalBytes / 65536), maximum: 65536 });
    const kernels = await loadKernelModule(dtype, false, false, importKernels);
    const packer = new WeightPacker(new WasmModel(config, dtype, layout, memory, kernels));
    for (const tensor of tensors) packer.set(tensor);
    packer.model.clearScratch();
    const high = new WasmEngine(packer.model, undefined, {});
    const low = await buildEngine(createWasmEngineBuilder, config, tensors, { dtype, threads: 1 });
    const ids = Uint32Array.from({ length: 40 }, (_, i) => (i * 37) % 101);
    const expected = (await low.forward(ids, 0, { logits: 'all' })).logits;
    expect((await high.forward(ids, 0, { logits: 'all' })).logits).toEqual(expected);
    const one = (await low.forward(ids.subarray(0, 1), 40)).logits;
    expect((await high.forward(ids.subarray(0, 1), 40)).logits).toEqual(one);
  });
});

it('a vocabulary of 262,144 has all its logits', async () => {
  const config = smallModel({
    nLayer: 1,
    nEmbd: 12,
    nHead: 1,
    nInner: 32,
    nCtx: 8,
    vocabSize: 262_144,
    logitSoftCap: 5,
  });
  const tensors = randomTensors(config, 6);
  const ids = Uint32Array.of(262_143, 131_072);
  const engine = await buildEngine(createWasmEngineBuilder, config, tensors, { dtype: 'f32', threads: 1 });
  const reference = await buildEngine(createReferenceEngineBuilder, config, tensors, { dtype: 'f32' });
  const got = (await engine.forward(ids, 0, { logits: 'all' })).logits!;
  const expected = (await reference.forward(ids, 0, { logits: 'all' })).logits!;
  expect(largestDifference(got, expected)).toBeLessThan(1e-4);
});
