import type { LoraSlot } from '../../model/adapter.ts';
import type { ModelConfig } from '../../model/config.ts';
import type { TensorPart } from '../../model/tensor.ts';
import { dropoutRandom } from '../dropout-random.ts';
import type { CreateExecutor, Executor, ExecutorOptions } from '../executor.ts';
import { createPlan } from '../graph/create-plan.ts';
import type { PlanOptions } from '../graph/plan-options.ts';
import { rotaryTables } from '../graph/rotary-tables.ts';
import type { RunParameters, TrainingPlan } from '../plan.ts';
import { type Batch, writeBatch } from './random-batch.ts';

/** fixtures/training/expected.json, see training/make_gradient_fixtures.py. */
export interface TrainingFixture {
  readonly batch: number;
  readonly learningRate: number;
  readonly adamW: PlanOptions['adamW'];
  readonly rank: number;
  readonly alpha: number;
  readonly examples: readonly { readonly ids: readonly number[]; readonly label: number }[];
  readonly models: Readonly<Record<string, FixtureModel>>;
  readonly cases: readonly FixtureCase[];
}

export interface FixtureModel {
  readonly config: ModelConfig;
  readonly tensors: readonly {
    name: string;
    rows: number;
    columns: number;
    scale: number;
    base: number;
    seed: number;
  }[];
  readonly slots: readonly LoraSlot[];
  /** Where gradients of the first batch, both losses, λ 0.5, stand in gradients.f32. */
  readonly gradients: readonly { method: FixtureMethod; name: string; offset: number; length: number }[];
}

type FixtureMethod = 'full' | 'lora' | 'head';

export interface FixtureCase {
  readonly model: string;
  readonly method: FixtureMethod;
  /** L = labels · L2 + language · L1. */
  readonly labels: 0 | 1;
  readonly language: number;
  /** Of embeddings, of what each sub-layer adds and of what goes into low-rank pairs. */
  readonly dropout: number;
  /** Of each step, to six digits. */
  readonly losses: readonly number[];
}

/** What is done with an executor besides making it. */
export interface FixtureOptions extends ExecutorOptions {
  readonly checkpointing?: boolean;
}

/** The losses that an executor comes to, step by step, where PyTorch came to `fixtureCase.losses`. */
export async function fixtureLosses(
  fixture: TrainingFixture,
  fixtureCase: FixtureCase,
  create: CreateExecutor,
  options: FixtureOptions = {},
): Promise<number[]> {
  const { executor } = await open(fixture, fixtureCase, create, options);
  const { beta1, beta2 } = fixture.adamW;
  const losses: number[] = [];
  for (let step = 1; step <= fixtureCase.losses.length; step++) {
    const batch = batchOf(fixture, fixtureCase, step);
    const run: RunParameters = {
      ...writeBatch(executor, batch, fixtureCase.language > 0),
      ...{ dropoutSeed: step, learningRate: fixture.learningRate },
      ...{ correction1: 1 - beta1 ** step, correction2: 1 - beta2 ** step },
    };
    await executor.run(['clear', 'gradients', 'update'], run);
    const [language, labels] = await executor.read('losses', 0, 2);
    losses.push(language + labels);
  }
  executor.dispose();
  return losses;
}

/**
 * How far an executor's gradients of the first batch are from PyTorch's, tensor by tensor: the largest difference over the largest value.
 *
 * @param expected gradients.f32
 */
export async function fixtureGradients(
  fixture: TrainingFixture,
  expected: Float32Array,
  model: string,
  method: 'full' | 'lora',
  create: CreateExecutor,
  options: FixtureOptions = {},
): Promise<{ readonly name: string; readonly error: number }[]> {
  const fixtureCase: FixtureCase = { model, method, labels: 1, language: 0.5, dropout: 0, losses: [] };
  const { executor, plan } = await open(fixture, fixtureCase, create, options);
  const run = { dropoutSeed: 1, learningRate: 0, correction1: 1, correction2: 1 };
  const batch = batchOf(fixture, fixtureCase, 1);
  await executor.run(['clear', 'gradients'], { ...writeBatch(executor, batch, true), ...run });
  const errors: { name: string; error: number }[] = [];
  for (const { name, offset, length } of fixture.models[model].gradients.filter((each) => each.method === method)) {
    const parameter = plan.parameters.find((each) => each.name === name);
    if (!parameter) throw new Error(`the plan does not train ${name}`);
    const found = await executor.read('gradients', parameter.offset, length);
    const wanted = expected.subarray(offset, offset + length);
    const largest = wanted.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const difference = found.reduce((most, value, i) => Math.max(most, Math.abs(value - wanted[i])), 0);
    errors.push({ name, error: difference / largest });
  }
  executor.dispose();
  return errors;
}

async function open(
  fixture: TrainingFixture,
  { model, method, labels, language, dropout }: FixtureCase,
  create: CreateExecutor,
  { checkpointing = false, ...options }: FixtureOptions,
): Promise<{ executor: Executor; plan: TrainingPlan }> {
  const { config, tensors, slots } = fixture.models[model];
  const { rank, alpha, adamW } = fixture;
  const mostTokens = 50;
  const plan = createPlan({
    ...{ config, dtype: 'f32', dropout, adamW, mostTokens, mostOutputs: fixture.batch, checkpointing },
    method:
      method === 'full'
        ? { kind: 'full' }
        : { kind: 'lora', slots: method === 'lora' ? slots : [], rank, alpha, dropout },
    headKind: labels ? 'one label' : undefined,
    language: language > 0,
  });
  const executor = await create(plan, options);
  for (const part of [...tensors.map(firstValues), ...rotaryTables(config, mostTokens)]) await executor.setTensor(part);
  return { executor, plan };
}

/** As the generator makes them: of a hash. */
function firstValues({ name, rows, columns, scale, base, seed }: FixtureModel['tensors'][number]): TensorPart {
  const data = Float32Array.from(
    { length: rows * columns },
    (_, i) => base + scale * (dropoutRandom(seed, 0, i) / 2 ** 31 - 1),
  );
  return { name, rowOffset: 0, rows, columns, rowStride: columns, columnStride: 1, data };
}

/** Examples of one step, in their order. L1 is a mean over predicted tokens, L2 over examples. */
function batchOf({ examples, batch }: TrainingFixture, { labels, language }: FixtureCase, step: number): Batch {
  const chosen = Array.from({ length: batch }, (_, i) => examples[((step - 1) * batch + i) % examples.length]);
  const sequences = chosen.map(({ ids }) => Uint32Array.from(ids));
  const targets = chosen.flatMap(({ ids }) => [...ids.slice(1), -1]);
  const predicted = targets.filter((target) => target >= 0).length;
  let end = 0;
  const outputs = chosen.map(({ ids, label }, h) => {
    end += ids.length;
    return {
      rows: [end - 1],
      target: [0, 1, 2].map((k) => (k === label ? 1 : 0)),
      weight: 1 / batch,
      group: [h, 1] as const,
    };
  });
  return {
    ...{ sequences, outputs: labels ? outputs : [], targets: Int32Array.from(targets) },
    targetWeights: new Float32Array(targets.length).fill(language / predicted),
  };
}
