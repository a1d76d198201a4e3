import { randomConfig } from '../../backends/wasm/testing/random-config.ts';
import { randomFloats, randomTensors } from '../../backends/wasm/testing/random-model.ts';
import { type AdaptedLinear, type LoraSlot, loraNames } from '../../model/adapter.ts';
import type { ModelConfig } from '../../model/config.ts';
import type { TensorPart } from '../../model/tensor.ts';
import { weightShapes } from '../../model/weight-shapes.ts';
import { seededRandom } from '../../platform/seeded-random.ts';
import type { Executor } from '../executor.ts';
import { createPlan } from '../graph/create-plan.ts';
import type { PlanOptions } from '../graph/plan-options.ts';
import { rotaryTables } from '../graph/rotary-tables.ts';
import type { RunParameters, TrainingPlan } from '../plan.ts';
import type { LabelLossStep } from '../step.ts';
import { type Batch, randomBatch, writeBatch } from './random-batch.ts';

/** Everything that an executor of a plan is given at first, random: weights, low-rank pairs, tables. */
export function firstTensors({ config, method, mostTokens }: PlanOptions, seed: number): TensorPart[] {
  const random = seededRandom(seed);
  const pairs = (method.kind === 'lora' ? method.slots : []).flatMap((slot) => {
    const { a, b } = loraNames(slot);
    return [
      matrix(a, method.kind === 'lora' ? method.rank : 0, slot.inputs),
      matrix(b, slot.outputs, method.kind === 'lora' ? method.rank : 0),
    ];
  });
  return [...randomTensors(config, seed), ...pairs, ...rotaryTables(config, mostTokens)];

  function matrix(name: string, rows: number, columns: number): TensorPart {
    const data = randomFloats(random, rows * columns, 1 / Math.sqrt(columns));
    return { name, rowOffset: 0, rows, columns, rowStride: columns, columnStride: 1, data };
  }
}

/** Pairs on the matrices that `wanted` picks; queries, keys and values apart where `apart` says so. */
export function loraSlots(
  config: ModelConfig,
  wanted: (block: number, linear: AdaptedLinear) => boolean,
  apart: boolean,
): LoraSlot[] {
  return weightShapes(config).flatMap(({ name, rows, columns: inputs, joined, isVector }) => {
    const [, block, linear] = /^blocks\.(\d+)\.((?:attention|mlp|convolution)\.\w+)\.weight$/.exec(name) ?? [];
    if (!linear || isVector || linear === 'convolution.kernel' || linear.endsWith('Norm')) return [];
    if (!wanted(Number(block), linear as AdaptedLinear)) return [];
    let firstOutput = 0;
    return (apart && joined ? joined : [rows]).map((outputs) => {
      const slot = { block: Number(block), linear: linear as AdaptedLinear, firstOutput, outputs, inputs };
      firstOutput += outputs;
      return slot;
    });
  });
}

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

/** A training with its first values and a batch. */
export interface RandomTraining<E extends Executor> {
  readonly plan: TrainingPlan;
  readonly executor: E;
  readonly batch: Batch;
  readonly run: RunParameters;
}

export async function openTraining<E extends Executor>(
  options: PlanOptions,
  seed: number,
  create: (plan: TrainingPlan) => E | Promise<E>,
): Promise<RandomTraining<E>> {
  const plan = createPlan(options);
  const executor = await create(plan);
  for (const part of firstTensors(options, seed)) await executor.setTensor(part);
  const { config, headKind, mostTokens, mostOutputs, placesPerOutput = 1, language } = options;
  const head = headKind && {
    ...{ kind: headKind, labels: config.head!.labels.length, places: placesPerOutput, count: mostOutputs - 1 },
  };
  const batch: Batch = randomBatch(seededRandom(seed), config, mostTokens - 2, head);
  const run: RunParameters = {
    ...writeBatch(executor, batch, language),
    ...{ dropoutSeed: 5, learningRate: 0.1, correction1: 0.1, correction2: 0.1 },
  };
  return { plan, executor, run, batch };
}
