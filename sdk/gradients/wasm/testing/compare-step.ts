import { expect } from 'vitest';
import type { MatrixSpec, RunParameters, TrainingPlan } from '../../plan.ts';
import { createReferenceMemory } from '../../reference/index.ts';
import { runStep } from '../../reference/run-step.ts';
import type { Step } from '../../step.ts';
import { createWasmExecutor } from '../index.ts';

/** A step, and what stands in memory before it: every buffer's first values. */
export interface StepCase {
  readonly step: Step;
  readonly buffers: Readonly<Record<string, Float32Array | Int32Array>>;
  readonly matrices?: readonly MatrixSpec[];
  readonly run?: Partial<RunParameters>;
  /** Most difference, as a share of the buffer's largest value. @default 1e-5 */
  readonly tolerance?: number;
}

const defaultRun: RunParameters = {
  ...{ tokens: 7, outputs: 5, dropoutSeed: 12345, learningRate: 0.01, correction1: 0.1, correction2: 0.001 },
};

/** One step, see {@link compareSteps}. */
export const compareStep = (one: StepCase): Promise<void> => compareSteps([one]);

/**
 * Does steps on 1, 2 and 3 threads and by the reference, and compares the whole of every buffer: what a step is not to touch has to be as
 * it was, and threads may not change a bit. Each case has buffers of its own but for integers, which are inputs and the same in all.
 */
export async function compareSteps(cases: readonly StepCase[]): Promise<void> {
  const steps = cases.map(({ step }, i) => (cases.length > 1 ? renamed(step, i) : step));
  const buffers = new Map<string, { readonly values: Float32Array | Int32Array; readonly tolerance: number }>();
  cases.forEach((one, i) => {
    for (const [name, values] of Object.entries(one.buffers)) {
      const own = cases.length > 1 && values instanceof Float32Array ? `${i}.${name}` : name;
      buffers.set(own, { values, tolerance: one.tolerance ?? 1e-5 });
    }
  });
  const plan: TrainingPlan = {
    buffers: [...buffers].map(([name, { values }]) => ({
      name,
      length: values.length,
      type: values instanceof Int32Array ? 'i32' : 'f32',
    })),
    matrices: cases.flatMap(({ matrices = [] }) => matrices),
    ...{ parameters: [], frozen: [], mostTokens: 16, mostOutputs: 16 },
    phases: { clear: [], gradients: steps, forward: [], update: [] },
  };
  const parameters = { ...defaultRun, ...cases[0].run };
  const memory = createReferenceMemory(plan);
  for (const [name, { values }] of buffers) memory.buffers.get(name)?.set(values);
  for (const step of steps) runStep(step, memory, parameters);

  const found = [];
  for (const threads of [1, 2, 3]) {
    const executor = await createWasmExecutor(plan, { threads });
    for (const [name, { values }] of buffers) executor.write(name, values);
    await executor.run(['gradients'], parameters);
    const after = new Map<string, Float32Array>();
    for (const { name, length, type } of plan.buffers) {
      if (type === 'f32') after.set(name, await executor.read(name, 0, length));
    }
    executor.dispose();
    found.push(after);
  }
  for (const [name, values] of found[0]) {
    const wanted = memory.buffers.get(name) as Float64Array;
    expectClose(name, values, wanted, buffers.get(name)?.tolerance ?? 0);
    for (const other of found.slice(1)) expect(bits(other.get(name)), `${name} on threads`).toEqual(bits(values));
  }
}

/** A step whose views are of the buffers of case i. */
const renamed = (step: Step, i: number): Step =>
  JSON.parse(JSON.stringify(step), (key, value) => (key === 'buffer' ? `${i}.${value}` : value));

/** Poison has to be where it was; all else differs by no more than a share of the largest value. */
function expectClose(name: string, values: Float32Array, wanted: Float64Array, tolerance: number): void {
  const largest = wanted.reduce((most, value) => (Number.isFinite(value) ? Math.max(most, Math.abs(value)) : most), 0);
  const isClose = (value: number, i: number): boolean =>
    Object.is(value, wanted[i]) || Math.abs(value - wanted[i]) <= tolerance * largest;
  const bad = values.findIndex((value, i) => !isClose(value, i));
  expect(bad, `${name} ${bad}: ${values[bad]}, not ${wanted[bad]}; largest ${largest}`).toBe(-1);
}

const bits = (values: Float32Array | undefined) =>
  values && new Uint32Array(values.buffer, values.byteOffset, values.length);
