import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { fillLoadOptions } from '../../loading/load-options.ts';
import { loraNames } from '../../model/adapter.ts';
import type { TensorPart } from '../../model/tensor.ts';
import { loadModelHere } from '../../testing/load-model-here.ts';
import { Pacer } from '../pacer.ts';
import { toyJob, toyWeights } from '../testing/toy-job.ts';
import { toyPlace } from '../testing/toy-place.ts';
import type { JobProgress, TrainingJob } from '../training-job.ts';
import type { WeightSource } from './job-control.ts';
import { ownPlace } from './own-place.ts';
import { runJob } from './run-job.ts';
import { train } from './train.ts';
import { weightsOf } from './weights-of.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gptlet-training-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const controlOf = (onProgress: (progress: JobProgress) => void, stop = new AbortController()) => ({
  signal: stop.signal,
  pacer: new Pacer(stop.signal),
  storage: folder,
  onProgress,
});

it('follows the reference on the CPU', async () => {
  const job = toyJob({ dropout: 0.1 });
  const told: JobProgress[] = [];
  const reference: JobProgress[] = [];
  await runJob(
    job,
    toyWeights(job),
    controlOf((progress) => told.push(progress)),
  );
  await train(
    job,
    toyWeights(job),
    controlOf((progress) => reference.push(progress)),
    toyPlace(),
  );
  expect(told).toHaveLength(12);
  for (const [i, { loss, heldLoss }] of told.entries()) {
    expect(Math.abs(loss - reference[i].loss), `step ${i + 1}`).toBeLessThan(1e-4);
    expect(Math.abs((heldLoss ?? 0) - (reference[i].heldLoss ?? 0))).toBeLessThan(1e-4);
  }
});

it('goes on in Node after a crash as if nothing had been, to the bit', async () => {
  const job = toyJob();
  const whole = await runJob(
    job,
    toyWeights(job),
    controlOf(() => {}),
  );
  const pauseAt = 5;
  const stop = new AbortController();
  const control = controlOf(({ step }) => step === pauseAt && control.pacer.pause(), stop);
  // It stands still for ever, its state in the folder: what a process that is ended leaves behind.
  const left = runJob(job, toyWeights(job), control);
  left.catch(() => {});
  await new Promise((resolve) => setTimeout(resolve, 1000));
  const place = ownPlace(folder);
  let updates = 0;
  const counting = {
    ...place,
    createExecutor: async (...args: Parameters<typeof place.createExecutor>) => {
      const executor = await place.createExecutor(...args);
      const run: typeof executor.run = (phases, parameters) => {
        if (phases.includes('update')) updates++;
        return executor.run(phases, parameters);
      };
      return { ...executor, run };
    },
  };
  const again = await train(
    job,
    toyWeights(job),
    controlOf(() => {}),
    counting,
  );
  expect(updates).toBe(job.schedule.steps - pauseAt);
  expect(again.parameters).toEqual(whole.parameters);
  expect(again.heldLogits).toEqual(whole.heldLogits);
  stop.abort();
});

it.each(['f32', 'q8', 'q4'] as const)('trains a low-rank pair on a loaded model, held in %s', async (dtype) => {
  const model = await loadModelHere('fixtures/gpt2-tiny', fillLoadOptions({ backend: 'wasm', dtype, threads: 1 }));
  const { config } = model;
  const slot = {
    block: 0,
    linear: 'attention.qkv' as const,
    firstOutput: 0,
    outputs: 3 * config.nEmbd,
    inputs: config.nEmbd,
  };
  const tokenIds = Uint32Array.from({ length: 12 }, (_, i) => (i * 5) % config.vocabSize);
  const targets = Int32Array.from(tokenIds, (_, i) => tokenIds[i + 1] ?? -1);
  const job: TrainingJob = {
    ...toyJob({ learningRate: 0.02, batchSize: 2, steps: 20, dropout: 0 }),
    config,
    dtype,
    method: { kind: 'lora', slots: [slot], rank: 4, alpha: 8, dropout: 0 },
    headKind: undefined,
    objective: { labels: 0, language: 1 },
    learn: [
      { sequences: [{ tokenIds, targets }] },
      { sequences: [{ tokenIds: tokenIds.slice(3), targets: targets.slice(3) }] },
    ],
    held: [],
  };
  const own = weightsOf(model);
  const weights: WeightSource = async (onPart, signal) => {
    await own(onPart, signal);
    const { a, b } = loraNames(slot);
    const part = (name: string, rows: number, columns: number, value: (i: number) => number): TensorPart => {
      const data = Float32Array.from({ length: rows * columns }, (_, i) => value(i));
      return { name, rowOffset: 0, rows, columns, rowStride: columns, columnStride: 1, data };
    };
    await onPart(part(a, 4, slot.inputs, (i) => Math.sin(i) / 4));
    await onPart(part(b, slot.outputs, 4, () => 0));
  };
  const told: JobProgress[] = [];
  const { parameters } = await runJob(
    job,
    weights,
    controlOf((progress) => told.push(progress)),
  );
  expect(Object.keys(parameters)).toEqual(Object.values(loraNames(slot)));
  expect(told[0].loss, 'as the model itself says').toBeCloseTo(await lossOf(), 1);
  expect(told[19].loss).toBeLessThan(told[0].loss - 0.1);
  await model.dispose();

  async function lossOf(): Promise<number> {
    let sum = 0;
    let count = 0;
    for (const { sequences } of job.learn) {
      const ids = sequences[0].tokenIds;
      const logits = await model.forward(ids);
      for (let t = 0; t + 1 < ids.length; t++, count++) {
        const row = logits.subarray(t * config.vocabSize, (t + 1) * config.vocabSize);
        const most = Math.max(...row);
        sum += most + Math.log(row.reduce((total, x) => total + Math.exp(x - most), 0)) - row[ids[t + 1]];
      }
    }
    return sum / count;
  }
});
