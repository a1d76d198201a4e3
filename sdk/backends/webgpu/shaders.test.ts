import { beforeAll, describe, expect, it } from 'vitest';
import { create, globals } from 'webgpu';
import type { Activation, ModelConfig } from '../../model/config.ts';
import type { Dtype } from '../../model/dtype.ts';
import { importQuantiser } from '../../quantising/import-quantiser.ts';
import { rowQuantiser } from '../../quantising/row-quantiser.ts';
import { randomAdapter } from '../testing/random-adapter.ts';
import { smallConfig } from '../wasm/testing/random-model.ts';
import { createAdaptation } from './adaptation.ts';
import { Buffers } from './buffers.ts';
import { cacheLayout } from './cache-layout.ts';
import { planDimensions } from './dimensions.ts';
import { FamilyKernels } from './family-kernels.ts';
import { GpuDevice, matrixFeatures } from './gpu-device.ts';
import { KernelFactory } from './kernel-factory.ts';
import { composeKernel, type KernelSpec } from './kernels.ts';
import { KvSlot } from './kv-slot.ts';
import { MixerKernels } from './mixer-kernels.ts';
import { Planner, prefillSteps } from './plan.ts';
import { rareShaderSources } from './rare-shaders.gen.ts';
import { RotaryTables } from './rotary-tables.ts';
import { shaderSources } from './shaders.gen.ts';
import { Weights } from './weights.ts';

// Dawn's own compiler, without a GPU: what Chromium would say about every variant of every kernel.

const base: ModelConfig = { ...smallConfig, attentionWindow: [0, 8] };
const sources = { ...shaderSources, ...rareShaderSources };
const dtypes: Dtype[] = ['f32', 'f16', 'q8', 'q4'];
const activations: Activation[] = ['gelu_new', 'gelu', 'relu', 'silu', 'tanh'];

const turning = { size: 8, base: 10_000 };
const llama: Partial<ModelConfig> = {
  nHead: 6,
  nKvHead: 2,
  headSize: 10,
  normKind: 'rms',
  activation: 'silu',
  gatedMlp: true,
  learnedPositions: 0,
  rotary: [turning, null],
  biases: [],
};

/** What today's families add to the papers' models. */
const families: Record<string, Partial<ModelConfig>> = {
  'Llama with a layer that does not turn': llama,
  'Qwen 3': { ...llama, queryKeyNorm: 'head', rotary: [turning, { ...turning, base: 1e6 }] },
  'OLMo 2': { ...llama, queryKeyNorm: 'joint', normPlacement: 'output' },
  'Gemma 2': {
    ...llama,
    normPlacement: 'sandwich',
    activation: 'gelu_new',
    nHead: 8,
    nKvHead: 1,
    headSize: 256,
    embeddingScale: 6,
    attentionSoftCap: 50,
    logitSoftCap: 30,
  },
  'GPT-J': {
    rotary: [turning, turning],
    learnedPositions: 0,
    parallelBlock: true,
    biases: ['mlp.up', 'mlp.down', 'head'],
  },
  'LFM 2': { ...llama, queryKeyNorm: 'head', blockKind: ['convolution', 'attention'], convolutionSize: 3 },
  'post-norm models with rotary positions': { ...llama, normPlacement: 'post', finalNorm: false },
  'output norms without a final norm': { normPlacement: 'output', finalNorm: false },
};

describe('every kernel compiles', () => {
  let device: GPUDevice;
  let gpu: GPU;
  const seen = new Set<string>();

  beforeAll(async () => {
    Object.assign(globalThis, globals);
    // Experiments are behind a switch.
    gpu = create(['backend=null', 'enable-dawn-features=allow_unsafe_apis']);
    const adapter = await gpu.requestAdapter();
    device = await (adapter as GPUAdapter).requestDevice({ requiredFeatures: matrixFeatures });
  });

  async function compile(specs: readonly KernelSpec[]): Promise<string[]> {
    const problems: string[] = [];
    for (const spec of specs) {
      const code = composeKernel(spec, sources);
      if (seen.has(code)) continue;
      seen.add(code);
      device.pushErrorScope('validation');
      const module = device.createShaderModule({ code });
      const { messages } = await module.getCompilationInfo();
      const invalid = await device.popErrorScope();
      for (const { type, lineNum, message } of messages)
        problems.push(`${spec.name} ${spec.parts.join(' ')}: ${type} ${lineNum}: ${message}`);
      if (invalid && messages.length === 0) problems.push(`${spec.name}: ${invalid.message}`);
    }
    return problems;
  }

  /** What a device with the limits that all grant says to pipelines. */
  async function overLimits(specs: readonly KernelSpec[]): Promise<string[]> {
    const problems: string[] = [];
    for (const spec of specs) {
      device.pushErrorScope('validation');
      await device
        .createComputePipelineAsync({
          layout: 'auto',
          compute: { module: device.createShaderModule({ code: composeKernel(spec, sources) }), entryPoint: 'main' },
        })
        .catch((error: unknown) => problems.push(`${spec.name} ${spec.parts.join(' ')}: ${error}`));
      const invalid = await device.popErrorScope();
      if (invalid) problems.push(`${spec.name} ${spec.parts.join(' ')}: ${invalid.message}`);
    }
    return problems;
  }

  /** What an engine runs, with an adapter and without. */
  async function specs(
    config: ModelConfig,
    dtype: Dtype,
    splits: number,
    subgroups: boolean,
    software = false,
    matrices = 0,
  ): Promise<KernelSpec[]> {
    const weights = new Weights(device, config, dtype, () => rowQuantiser(importQuantiser));
    const dimensions = planDimensions(config);
    const buffers = new Buffers(device, config, dimensions, 32, splits);
    const gpuDevice = new GpuDevice(device, {} as GPUAdapter, {});
    const slot = new KvSlot(gpuDevice, cacheLayout(config, dimensions, dtype, 32));
    const rotary = new RotaryTables(gpuDevice, config);
    const setting = { config, dimensions, dtype, traits: { subgroups, software, matrices }, run: buffers.run };
    const [kernels, mixers] = [new KernelFactory(setting), new MixerKernels(setting)];
    const planner = new Planner({
      config,
      weights,
      buffers,
      rotary,
      families: new FamilyKernels(setting),
      kernels,
      mixers,
      splits,
    });
    const adaptation = await createAdaptation(gpuDevice, weights, 32, randomAdapter(config, 5));
    const plans = [planner.slot(slot.layers), planner.slot(slot.layers, adaptation)];
    const drafts = [
      ...Object.values(planner.shared()).flat(),
      ...plans.flatMap((plan) => [...plan.decode, ...prefillSteps(plan)]),
      ...planner.allLogits(buffers.logits),
      ...planner.candidates(),
    ];
    for (const owner of [weights, buffers, slot, rotary, adaptation]) owner.destroy();
    return drafts.map(({ kernel }) => kernel);
  }

  it.each(dtypes)('in %s, with and without subgroups and a split context', async (dtype) => {
    for (const subgroups of [false, true]) {
      for (const splits of [1, 4]) expect(await compile(await specs(base, dtype, splits, subgroups))).toEqual([]);
    }
  });

  it.each(dtypes)('in %s, as software adapters have it', async (dtype) => {
    expect(await compile(await specs(base, dtype, 1, false, true))).toEqual([]);
  });

  it.each(['f16', 'q8', 'q4'] as const)('in %s, by matrix units', async (dtype) => {
    for (const size of [8, 16]) {
      const found = await specs({ ...base, ...llama }, dtype, 4, true, false, size);
      expect(found.some(({ name }) => name === 'matmul-matrices')).toBe(true);
      expect(await compile(found)).toEqual([]);
    }
  });

  it.each(activations)('with activation %s', async (activation) => {
    expect(await compile(await specs({ ...base, activation }, 'f32', 1, false))).toEqual([]);
  });

  it.each([true, false])('for post-norm models, final norm %s', async (finalNorm) => {
    expect(
      await compile(await specs({ ...base, normPlacement: 'post', finalNorm, tiedHead: false }, 'q8', 1, false)),
    ).toEqual([]);
  });

  describe.each(Object.entries(families))('as %s', (_, changes) => {
    it.each(dtypes)('in %s', async (dtype) => {
      const config = { ...base, ...changes };
      for (const splits of [1, 4]) expect(await compile(await specs(config, dtype, splits, true))).toEqual([]);
      expect(await compile(await specs(config, dtype, 1, false, true))).toEqual([]);
    });

    it('within the default limits of a pipeline', async () => {
      expect(await overLimits(await specs({ ...base, ...changes }, 'q4', 4, true))).toEqual([]);
    });
  });

  it('and the check notices a kernel that does not', async () => {
    const broken = {
      name: 'norm',
      parts: ['params', 'norm-layer', 'rows-plain'],
      constants: { K: 32, C: 32, EPSILON: 1e-5, WG: 64 },
    };
    expect((await compile([broken])).join()).toMatch(/unresolved/);
  });

  it('within the default limits of a pipeline', async () => {
    expect(await overLimits(await specs(base, 'q4', 4, true))).toEqual([]);
  });
});
