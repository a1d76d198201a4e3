import { describe, expect, it } from 'vitest';
import { createReferenceEngineBuilder } from '../../backends/reference/index.ts';
import { buildEngine, randomTensors } from '../../backends/wasm/testing/random-model.ts';
import { seededRandom } from '../../platform/seeded-random.ts';
import { openReference } from '../reference/index.ts';
import { openTraining, randomOptions } from '../testing/random-training.ts';

const seed = Number(process.env.RANDOM_SEED ?? 1); // others by hand: RANDOM_SEED=7 RANDOM_CONFIGS=300
const configs = Number(process.env.RANDOM_CONFIGS ?? 10);

describe(`trainings of random kinds of models, seed ${seed}`, () => {
  const random = seededRandom(seed);
  const cases = Array.from({ length: configs }, (_, i) => randomOptions(random, i));

  it.each(cases)('has the gradients that finite differences tell, %j', async (options) => {
    const { executor, plan, run } = await openTraining(options, seed, openReference);
    await executor.run(['clear', 'gradients'], run);
    const { memory } = executor;
    const gradients = memory.buffers.get('gradients')!.slice();
    const parameters = memory.buffers.get('parameters')!;
    const first = parameters.slice();
    for (const { name, offset, rows, columns } of plan.parameters) {
      // Along a random direction of the whole tensor, and along one of its values.
      const direction = Float64Array.from({ length: rows * columns }, () => random() - 0.5);
      const one = new Float64Array(rows * columns);
      one[Math.floor(random() * one.length)] = 1;
      for (const along of [direction, one]) {
        const told = along.reduce((sum, value, i) => sum + value * gradients[offset + i], 0);
        const at = async (step: number): Promise<number> => {
          along.forEach((value, i) => {
            parameters[offset + i] = first[offset + i] + step * value;
          });
          await executor.run(['clear', 'gradients'], run);
          const losses = memory.buffers.get('losses')!;
          return losses[0] + losses[1];
        };
        // Five points: the error of the difference falls with the fourth power of the step.
        const h = 1e-4;
        const found = (8 * ((await at(h)) - (await at(-h))) - (await at(2 * h)) + (await at(-2 * h))) / (12 * h);
        await at(0);
        expect(Math.abs(found - told), `${name}: ${found} found, ${told} told`).toBeLessThan(
          1e-5 * Math.max(Math.abs(found), Math.abs(told)) + 1e-7,
        );
      }
    }
  });

  it.each(cases)('is the same with checkpointing, %j', async (options) => {
    const [kept, again] = await Promise.all(
      [false, true].map((checkpointing) => openTraining({ ...options, checkpointing }, seed, openReference)),
    );
    for (const { executor, run } of [kept, again]) await executor.run(['clear', 'gradients'], run);
    for (const name of ['losses', 'gradients']) {
      expect(again.executor.memory.buffers.get(name)).toEqual(kept.executor.memory.buffers.get(name));
    }
    expect(kept.executor.memory.buffers.get('gradients')!.some((value) => value !== 0)).toBe(true);
  });

  it.each(cases)('predicts what the engine does, %j', async (given) => {
    const options = {
      ...given,
      method: { kind: 'full' } as const,
      headKind: undefined,
      language: true,
      mostOutputs: 0,
    };
    const { executor, run, batch } = await openTraining(options, seed, openReference);
    await executor.run(['clear', 'forward'], run);
    const engine = await buildEngine(
      createReferenceEngineBuilder,
      options.config,
      randomTensors(options.config, seed),
      {
        dtype: 'f32',
      },
    );
    let loss = 0;
    let n = 0;
    for (const ids of batch.sequences) {
      const { logits } = await engine.forward(ids, 0, { logits: 'all' });
      const V = options.config.vocabSize;
      for (let t = 0; t < ids.length; t++, n++) {
        if (batch.targets[n] < 0) continue;
        const row = Array.from(logits!.subarray(t * V, (t + 1) * V));
        const most = Math.max(...row);
        const logSum = most + Math.log(row.reduce((sum, value) => sum + Math.exp(value - most), 0));
        loss += batch.targetWeights[n] * (logSum - row[batch.targets[n]]);
      }
    }
    expect(executor.memory.buffers.get('losses')![0]).toBeCloseTo(loss, 4); // the engine gives its logits in f32
  });
});
