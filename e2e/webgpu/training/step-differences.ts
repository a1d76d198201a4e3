import { createReferenceExecutor } from '../../../sdk/gradients/reference/index.ts';
import type { Step } from '../../../sdk/gradients/step.ts';
import { webGpuExecutor } from '../../../sdk/gradients/webgpu/webgpu-executor.ts';
import { importQuantiser } from '../../../sdk/quantising/import-quantiser.ts';
import {
  attentionSteps,
  embeddingSteps,
  lossSteps,
  type NamedStep,
  normSteps,
  optimiserSteps,
  productSteps,
  valueSteps,
} from './every-step.ts';
import { H, N, PlanLab } from './plan-lab.ts';

/** Kernels that are tested together. */
export const stepKinds = {
  products: productSteps,
  embeddings: embeddingSteps,
  norms: normSteps,
  attention: attentionSteps,
  values: valueSteps,
  losses: lossSteps,
  optimiser: optimiserSteps,
} as const;

const parameters = {
  tokens: N,
  outputs: H,
  dropoutSeed: 4_000_000_123,
  learningRate: 0.01,
  correction1: 0.1,
  correction2: 0.002,
};

/**
 * Runs steps on the GPU and on the reference, on the same random numbers. By step the largest difference of what it wrote, relative to the
 * largest value there; Infinity where one of the two has NaN: what was not to be written still holds it.
 *
 * @param software whether kernels are those of software adapters, @default what the adapter says of itself
 */
export async function stepDifferences(
  kind: keyof typeof stepKinds,
  seed: number,
  software?: boolean,
): Promise<Record<string, number>> {
  const createExecutor = webGpuExecutor({ loadQuantiser: importQuantiser, software });
  const lab = new PlanLab(seed);
  const named: NamedStep[] = stepKinds[kind](lab);
  lab.steps.push(...named.map(([, step]) => step));
  const plan = lab.plan();
  const executors = await Promise.all([createExecutor(plan, {}), createReferenceExecutor(plan, {})]);
  const contents = await Promise.all(
    executors.map(async (executor) => {
      for (const [name, values] of lab.contents) executor.write(name, values);
      for (const tensor of lab.tensors) await executor.setTensor(tensor);
      await executor.run(['forward'], parameters);
      const read = new Map<string, Float32Array>();
      for (const { name, length, type } of plan.buffers) {
        if (type === 'f32') read.set(name, await executor.read(name, 0, length));
      }
      executor.dispose();
      return read;
    }),
  );
  const found: Record<string, number> = {};
  for (const [name, step] of named) {
    for (const buffer of outputsOf(step)) {
      const [ours, wanted] = contents.map((read) => read.get(buffer) as Float32Array);
      found[name] = Math.max(found[name] ?? 0, relativeDifference(ours, wanted));
    }
  }
  return found;
}

/** Buffers that a step may write to. */
function outputsOf(step: Step): string[] {
  if (step.kernel === 'adamW') return ['parameters', 'firstMoments', 'secondMoments'];
  return Object.values(step)
    .filter((value): value is { buffer: string } => typeof value === 'object' && 'buffer' in value)
    .map(({ buffer }) => buffer);
}

function relativeDifference(found: Float32Array, wanted: Float32Array): number {
  let [difference, largest] = [0, 0];
  for (let i = 0; i < wanted.length; i++) {
    if (Number.isNaN(wanted[i]) !== Number.isNaN(found[i])) return Number.POSITIVE_INFINITY;
    if (Number.isNaN(wanted[i]) || found[i] === wanted[i]) continue;
    difference = Math.max(difference, Math.abs(found[i] - wanted[i]));
    largest = Math.max(largest, Math.abs(wanted[i]));
  }
  return largest === 0 ? difference : difference / largest;
}
