import { randomConfig } from '../../backends/wasm/testing/random-config.ts';
import type { ModelConfig } from '../../model/config.ts';
import type { PlanOptions } from '../graph/plan-options.ts';
import type { LabelLossStep } from '../step.ts';
import { loraSlots } from './random-training.ts';

const kinds: LabelLossStep['kind'][] = ['one label', 'labels', 'value', 'answer'];

/** A random model and what of it is trained, with which losses. */
export function randomOptions(random: () => number, i: number): PlanOptions {
  const either = <T>(...values: T[]): T => values[Math.floor(random() * values.length)];
  const drawn = randomConfig(random);
  const headKind = either(undefined, ...kinds);
  const head: ModelConfig['head'] = headKind && {
    kind: 'sequence-classification',
    labels: headKind === 'answer' ? ['answer'] : ['a', 'b', 'c'],
    bias: headKind !== 'answer' && random() < 0.5,
  };
  // A difference across the bend of a ReLU tells nothing: that one is tested by itself.
  const activation = drawn.activation === 'relu' ? 'silu' : drawn.activation;
  const config = { ...drawn, activation, nCtx: Math.min(drawn.nCtx, 12), nInner: Math.min(drawn.nInner, 30), head };
  // Without a head there has to be something else that learns.
  const share = headKind ? either(0, 0.3, 0.6, 1) : 1;
  const slots = loraSlots(config, () => random() < share, random() < 0.5);
  return {
    config,
    method: i % 2 ? { kind: 'full' } : { kind: 'lora', slots, rank: either(1, 3), alpha: 5, dropout: either(0, 0.2) },
    dtype: i % 4 ? 'f32' : 'q8',
    headKind,
    language: headKind === undefined || random() < 0.5,
    dropout: either(0, 0.2),
    adamW: { decay: 0.1, beta1: 0.9, beta2: 0.99, epsilon: 1e-8, maxNorm: 1 },
    mostTokens: 17,
    mostOutputs: headKind ? 5 : 0,
    placesPerOutput: either(1, 2),
    checkpointing: random() < 0.5,
  };
}
