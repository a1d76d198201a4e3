import { beforeAll, describe, expect, it } from 'vitest';
import { create, globals } from 'webgpu';
import type { Activation, ModelConfig } from '../../model/config.ts';
import type { Dtype } from '../../model/dtype.ts';
import { importQuantiser } from '../../quantising/import-quantiser.ts';
import { rowQuantiser } from '../../quantising/row-quantiser.ts';
import { smallConfig } from '../wasm/testing/random-model.ts';
import { Buffers, KvSlot } from './buffers.ts';
import { planDimensions } from './dimensions.ts';
import { KernelFactory } from './kernel-factory.ts';
import { composeKernel, type KernelSpec } from './kernels.ts';
import { Planner } from './plan.ts';
import { Weights } from './weights.ts';

// Dawn's own compiler, without a GPU: what Chromium would say about every variant of every kernel.

const base: ModelConfig = { ...smallConfig, attentionWindow: [0, 8] };
const dtypes: Dtype[] = ['f32', 'f16', 'q8', 'q4'];
const activations: Activation[] = ['gelu_new', 'gelu', 'relu', 'silu', 'tanh'];

describe('every kernel compiles', () => {
  let device: GPUDevice;
  let gpu: GPU;
  const seen = new Set<string>();

  beforeAll(async () => {
    Object.assign(globalThis, globals);
    gpu = create(['backend=null']);
    const adapter = await gpu.requestAdapter();
    device = await (adapter as GPUAdapter).requestDevice({ requiredFeatures: ['subgroups'] });
  });

  async function compile(specs: readonly KernelSpec[]): Promise<string[]> {
    const problems: string[] = [];
    for (const spec of specs) {
      const code = composeKernel(spec);
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

  function specs(
    config: ModelConfig,
    dtype: Dtype,
    splits: number,
    subgroups: boolean,
    software = false,
  ): KernelSpec[] {
    const weights = new Weights(device, config, dtype, () => rowQuantiser(importQuantiser));
    const dimensions = planDimensions(config);
    const buffers = new Buffers(device, config, dimensions, 32, splits);
    const slot = new KvSlot(device, config, dimensions, dtype);
    const planner = new Planner(
      config,
      weights,
      buffers,
      new KernelFactory(config, dimensions, dtype, { subgroups, software }, buffers.run),
      splits,
    );
    const plan = planner.slot(slot);
    const drafts = [
      ...Object.values(planner.shared()).flat(),
      ...plan.decode,
      ...plan.prefill.flatMap(({ enter, rest }) => [...enter, ...rest]),
      ...planner.allLogits(buffers.logits),
      ...planner.candidates(),
    ];
    for (const owner of [weights, buffers, slot]) owner.destroy();
    return drafts.map(({ kernel }) => kernel);
  }

  it.each(dtypes)('in %s, with and without subgroups and a split context', async (dtype) => {
    for (const subgroups of [false, true]) {
      for (const splits of [1, 4]) expect(await compile(specs(base, dtype, splits, subgroups))).toEqual([]);
    }
  });

  it.each(dtypes)('in %s, as software adapters have it', async (dtype) => {
    expect(await compile(specs(base, dtype, 1, false, true))).toEqual([]);
  });

  it.each(activations)('with activation %s', async (activation) => {
    expect(await compile(specs({ ...base, activation }, 'f32', 1, false))).toEqual([]);
  });

  it.each([true, false])('for post-norm models, final norm %s', async (finalNorm) => {
    expect(
      await compile(specs({ ...base, normPlacement: 'post', finalNorm, tiedHead: false }, 'q8', 1, false)),
    ).toEqual([]);
  });

  it('and the check notices a kernel that does not', async () => {
    const broken = { name: 'norm', parts: ['params', 'norm-rows'], constants: { K: 32, C: 32, EPSILON: 1e-5, WG: 64 } };
    expect((await compile([broken])).join()).toMatch(/unresolved/);
  });

  it('within the default limits of a pipeline', async () => {
    for (const spec of specs(base, 'q4', 4, true)) {
      device.pushErrorScope('validation');
      await device.createComputePipelineAsync({
        layout: 'auto',
        compute: { module: device.createShaderModule({ code: composeKernel(spec) }), entryPoint: 'main' },
      });
      expect(await device.popErrorScope()).toBeNull();
    }
  });
});
