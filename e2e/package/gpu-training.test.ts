import { beforeAll, expect, test } from 'vitest';
import { create, globals } from 'webgpu';
import { countWork } from '../../bench/gpu/count-work.mjs';
import type { RunParameters } from '../../sdk/gradients/plan.ts';
import { webGpuExecutor } from '../../sdk/gradients/webgpu/webgpu-executor.ts';
import { importQuantiser } from '../../sdk/quantising/import-quantiser.ts';
import { mostOutputs, mostTokens, N, PlanLab } from '../webgpu/training/plan-lab.ts';
import { stepKinds } from '../webgpu/training/step-differences.ts';

// What can be known of training without a GPU, on Dawn's backend that runs nothing: that every kernel compiles within the limits that all
// devices have, and what a step makes and reads back.

let gpu: GPU;
beforeAll(() => {
  Object.assign(globalThis, globals);
  gpu = create(['backend=null']);
});

const kinds = Object.keys(stepKinds) as (keyof typeof stepKinds)[];
const run: RunParameters = {
  ...{ tokens: N, outputs: 1, dropoutSeed: 1 },
  ...{ learningRate: 1e-3, correction1: 1, correction2: 1 },
};

/** A plan that runs every kernel. */
function everyStep() {
  const lab = new PlanLab(1);
  for (const kind of kinds) lab.steps.push(...stepKinds[kind](lab).map(([, step]) => step));
  lab.named('losses', 2);
  return { ...lab.plan(), mostTokens, mostOutputs };
}

test.each([false, true])(
  'every kernel compiles within the limits of all devices, software adapter %s',
  async (software) => {
    const executor = await webGpuExecutor({ loadQuantiser: importQuantiser, gpu, software })(everyStep(), {});
    await executor.run(['forward'], run);
    expect(await executor.read('norm', 0, 1)).toHaveLength(1);
    executor.dispose();
  },
);

test('a step makes nothing, is one submit, and the losses and the norm are 12 bytes', async () => {
  const { gpu: counting, take } = countWork(gpu);
  const executor = await webGpuExecutor({ loadQuantiser: importQuantiser, gpu: counting })(everyStep(), {});
  const made = take();
  expect(made.bindGroupsCreated).toBeGreaterThan(80);
  for (let step = 0; step < 3; step++) {
    executor.write('tokenIds', new Int32Array(N));
    await executor.run(['clear', 'forward', 'update'], { ...run, tokens: N - step });
    const { bindGroupsCreated, buffersCreated, pipelinesCompiled, submits, passes, bytesRead } = take();
    expect({ bindGroupsCreated, buffersCreated, pipelinesCompiled, submits, passes, bytesRead }).toEqual({
      ...{ bindGroupsCreated: 0, buffersCreated: 0, pipelinesCompiled: 0 },
      ...{ submits: 1, passes: 1, bytesRead: 0 },
    });
    await executor.read('losses', 0, 2);
    await executor.read('norm', 0, 1);
    expect(take()).toMatchObject({ buffersCreated: 0, bytesRead: 12 });
  }
  executor.dispose();
});

test('chunks that a run does not reach cost no dispatch', async () => {
  const { gpu: counting, take } = countWork(gpu);
  const lab = new PlanLab(1);
  const x = lab.rows(8);
  const [first, last] = [0, 80].map((first) => ({ of: 'tokens', first, most: 16 }) as const);
  for (const rows of [first, last]) lab.steps.push({ kernel: 'add', rows, width: 8, a: x, b: x, out: x });
  const executor = await webGpuExecutor({ loadQuantiser: importQuantiser, gpu: counting })(lab.plan(), {});
  take();
  await executor.run(['forward'], { ...run, tokens: 80 });
  expect(take().dispatches).toBe(1);
  executor.dispose();
});

test('a plan that the GPU has no room for says so, and a lost device too', async () => {
  const lab = new PlanLab(1);
  const create = webGpuExecutor({ loadQuantiser: importQuantiser, gpu });
  const plan = lab.plan();
  const large = { name: 'large', length: 2 ** 34, type: 'f32' } as const;
  await expect(create({ ...plan, buffers: [...plan.buffers, large] }, {})).rejects.toMatchObject({
    code: 'OUT_OF_MEMORY',
    message: expect.stringMatching(/68719476736 bytes in one buffer \(large\)/),
  });
  const executor = await create(plan, {});
  executor.dispose();
  await expect(executor.run(['forward'], run)).rejects.toMatchObject({ code: 'DEVICE_LOST' });
  expect(() => executor.write('tokenIds', new Int32Array(1))).toThrow(expect.objectContaining({ code: 'DEVICE_LOST' }));
});
