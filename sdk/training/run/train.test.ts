import { describe, expect, it } from 'vitest';
import { GptletError } from '../../errors/gptlet-error.ts';
import type { Executor } from '../../gradients/executor.ts';
import { Pacer } from '../pacer.ts';
import { toyJob, toyWeights } from '../testing/toy-job.ts';
import { toyPlace } from '../testing/toy-place.ts';
import type { JobProgress, JobResult, TrainingJob } from '../training-job.ts';
import type { JobControl } from './job-control.ts';
import { train } from './train.ts';
import type { TrainingPlace } from './training-place.ts';

const run = async (
  job: TrainingJob,
  place: TrainingPlace = toyPlace(),
  given: Partial<JobControl> = {},
): Promise<JobResult & { told: JobProgress[] }> => {
  const told: JobProgress[] = [];
  const { signal = new AbortController().signal } = given;
  const control = {
    signal,
    pacer: new Pacer(signal),
    ...given,
    onProgress: (progress: JobProgress) => {
      told.push(progress);
      given.onProgress?.(progress);
    },
  };
  return { ...(await train(job, toyWeights(job), control, place)), told };
};

/** What a run tells that does not depend on the time it takes. */
const numbersOf = (told: readonly JobProgress[]) =>
  told.map(({ step, epoch, loss, learningRate, gradientNorm, heldLoss }) => ({
    step,
    epoch,
    loss,
    learningRate,
    gradientNorm,
    heldLoss,
  }));

/** An executor that fails with `error` at the update `at`, counted from 1 over its own life. */
const failingAt =
  (at: number, error: () => unknown) =>
  (executor: Executor): Executor => {
    let updates = 0;
    return {
      ...executor,
      async run(phases, parameters) {
        if (phases.includes('update') && ++updates === at) throw error();
        return executor.run(phases, parameters);
      },
    };
  };
const onlyFirst =
  (change: (executor: Executor) => Executor) =>
  (executor: Executor, made: number): Executor =>
    made === 1 ? change(executor) : executor;

/** Says that a minute has passed with every look at the clock, so that every step is kept. */
const hurried = async <T>(task: () => Promise<T>): Promise<T> => {
  const { now } = performance;
  let time = 0;
  performance.now = () => (time += 100_000);
  try {
    return await task();
  } finally {
    performance.now = now;
  }
};

describe('a training', () => {
  it('lowers its loss, on what it learns from and on what it does not', async () => {
    const { told, warnings, heldLogits, heldLoss, parameters, steps } = await run(toyJob({ steps: 60, dropout: 0 }));
    expect(told).toHaveLength(60);
    expect(told[59].loss).toBeLessThan(told[0].loss / 2);
    expect(told[59]).toMatchObject({ step: 60, steps: 60, epoch: 20 });
    const held = told.flatMap((each) => each.heldLoss ?? []);
    expect(held).toHaveLength(20);
    expect(heldLoss).toBe(Math.min(...held));
    expect(heldLoss).toBeLessThan(held[0]);
    expect(heldLogits.map((rows) => rows.map(({ length }) => length))).toEqual(Array(8).fill([2]));
    expect(Object.keys(parameters)).toContain('score.weight');
    expect([steps, warnings]).toEqual([60, []]);
  });

  it('is the same with the same seed, and another with another', async () => {
    const [a, b, c] = [await run(toyJob()), await run(toyJob()), await run(toyJob({ seed: 6 }))];
    expect(numbersOf(a.told)).toEqual(numbersOf(b.told));
    expect(a.parameters).toEqual(b.parameters);
    expect(numbersOf(a.told)).not.toEqual(numbersOf(c.told));
  });

  it('makes the same gradients of a batch in one pass as in several', async () => {
    const losses = async (tokensAtOnce: number): Promise<number[]> =>
      (await run(toyJob({ tokensAtOnce, dropout: 0 }))).told.map(({ loss }) => loss);
    const [one, several] = [await losses(100), await losses(7)];
    // Sums in another order, rounded to f32 after every update.
    for (const [i, loss] of several.entries()) expect(Math.abs(loss - one[i])).toBeLessThan(1e-5);
  });

  it('stops where nothing gets better, and gives the best', async () => {
    const { told, warnings, heldLoss, steps } = await run(
      toyJob({ steps: 400, learningRate: 0.05, decay: 'constant', evaluateEvery: 2, patience: 3 }),
    );
    const held = told.flatMap(({ heldLoss, step }) => (heldLoss === undefined ? [] : [{ heldLoss, step }]));
    const best = held.at(-4);
    expect(steps).toBeLessThan(400);
    expect(heldLoss).toBe(best?.heldLoss);
    for (const later of held.slice(-3)) expect(later.heldLoss).toBeGreaterThanOrEqual(heldLoss as number);
    expect(warnings).toEqual([
      `Stopped after ${steps} of 400 steps: 3 evaluations in a row were no better than that of step ${best?.step}, whose parameters are kept.`,
    ]);
  });

  it('stops where the loss is no number, and gives the best with what to lower', async () => {
    const nanFrom = (executor: Executor): Executor => {
      let updates = 0;
      return {
        ...executor,
        async run(phases, parameters) {
          if (phases.includes('update') && ++updates === 8)
            executor.write('gradients', Float32Array.of(Number.NaN, Number.NaN));
          return executor.run(phases, parameters);
        },
      };
    };
    const { told, warnings, parameters, steps, heldLoss } = await run(toyJob(), toyPlace(nanFrom));
    expect(told).toHaveLength(7);
    expect(steps).toBe(7);
    const best = told.find((each) => each.heldLoss === heldLoss)?.step;
    expect(warnings).toEqual([
      `The gradient's norm was NaN at step 8, so the training stopped there. Kept are the parameters of step ${best}, the best that was found. ` +
        'To get further, lower learningRate (it is 0.01; try 0.001) or raise warmup (it is 2 steps).',
    ]);
    for (const { data } of Object.values(parameters)) expect(data.every(Number.isFinite)).toBe(true);
  });

  it('needs nothing held out: the last step’s parameters are its result then', async () => {
    const handed: number[] = [];
    const { told, heldLoss, heldLogits } = await run(toyJob({}, { held: [] }), undefined, {
      onParameters: (_, step) => void handed.push(step),
    });
    expect(told.map(({ heldLoss }) => heldLoss)).toEqual(Array(12).fill(undefined));
    expect([heldLoss, heldLogits]).toEqual([undefined, []]);
    expect(handed).toEqual([3, 6, 9, 12]);
  });

  it('says what would take less where memory is missing', async () => {
    const place = {
      ...toyPlace(),
      createExecutor: () => Promise.reject(new RangeError('WebAssembly.Memory(): could not allocate memory')),
    };
    await expect(run(toyJob(), place)).rejects.toMatchObject({
      code: 'OUT_OF_MEMORY',
      message: expect.stringMatching(
        /^The training takes \d+ MB of memory, which there is not here\. It would take with checkpointing \d+ MB, with tokensAtOnce 7 \(the longest example\) in place of 20 \d+ MB, with both \d+ MB, and method 'lora' takes far less than 'full'\.$/,
      ),
    });
  });
});

describe('a training that is interrupted', () => {
  it('goes on after a crash as if nothing had been, to the bit', async () => {
    const whole = await run(toyJob());
    for (const at of [1, 2, 7, 12]) {
      const place = toyPlace(onlyFirst(failingAt(at, () => new Error('the tab crashed'))));
      await expect(hurried(() => run(toyJob(), place))).rejects.toThrow('the tab crashed');
      const again = await run(toyJob(), place);
      expect(numbersOf(again.told), `after ${at}`).toEqual(numbersOf(whole.told));
      expect(again.parameters).toEqual(whole.parameters);
      expect(again.heldLogits).toEqual(whole.heldLogits);
    }
  });

  it('leaves nothing behind once it is done, and begins anew with other examples', async () => {
    const place = toyPlace();
    await hurried(() => run(toyJob(), place));
    await hurried(() => run(toyJob({}, { held: [] }), place));
    expect(place.files.size).toBe(2);
    for (const files of place.files.values())
      expect([await files.open(0), await files.open(1)]).toEqual([undefined, undefined]);
  });

  it('takes the older state where the later one was cut off or is damaged', async () => {
    const whole = await run(toyJob());
    const place = toyPlace(onlyFirst(failingAt(7, () => new Error('power cut'))));
    await expect(hurried(() => run(toyJob(), place))).rejects.toThrow('power cut');
    const [files] = place.files.values();
    // Six states: the sixth, in the file 0, is the later one.
    const reader = await files.open(0);
    const bytes = (await reader?.read(0, reader.size)) as Uint8Array;
    const steps: number[] = [];
    for (const damaged of [bytes.subarray(0, bytes.length - 5), flipped(bytes, bytes.length - 9)]) {
      const writer = await files.create(0);
      await writer.write(damaged);
      await writer.close();
      const later = toyPlace();
      later.files.set(Array.from(place.files.keys())[0], await copyOf(files));
      let updates = 0;
      const counting = {
        ...later,
        createExecutor: async (...args: Parameters<TrainingPlace['createExecutor']>) => {
          const executor = await later.createExecutor(...args);
          return {
            ...executor,
            run: (...run: Parameters<Executor['run']>) => {
              if (run[0].includes('update')) updates++;
              return executor.run(...run);
            },
          };
        },
      };
      const again = await run(toyJob(), counting);
      expect(again.parameters).toEqual(whole.parameters);
      steps.push(updates);
    }
    expect(steps).toEqual([7, 7]);
  });

  it('ends with the signal’s reason, and is forgotten', async () => {
    const stop = new AbortController();
    const place = toyPlace();
    const running = hurried(() =>
      run(toyJob(), place, {
        signal: stop.signal,
        onProgress: ({ step }) => step === 4 && stop.abort(new Error('enough')),
      }),
    );
    await expect(running).rejects.toThrow('enough');
    const [files] = place.files.values();
    expect([await files.open(0), await files.open(1)]).toEqual([undefined, undefined]);
  });

  it('loses no evaluation where it is paused in one and left there', async () => {
    const whole = await run(toyJob());
    const place = toyPlace((executor) => ({
      ...executor,
      async run(phases, parameters) {
        // In the first evaluation, after the third update.
        if (phases.includes('forward') && place.made.length === 1) pacer.pause();
        return executor.run(phases, parameters);
      },
    }));
    const { signal } = new AbortController();
    const pacer = new Pacer(signal);
    void run(toyJob(), place, { signal, pacer });
    await new Promise((resolve) => setTimeout(resolve, 300));
    const again = await run(toyJob(), place);
    expect(numbersOf(again.told)).toEqual(numbersOf(whole.told));
    expect(again.told[2].heldLoss).toBe(whole.told[2].heldLoss);
    expect(again.heldLoss).toBe(whole.heldLoss);
  });

  it.each([
    ['within a pass', (pause: () => void) => pause()],
    ['while others have their turn', (pause: () => void) => void setTimeout(pause)],
  ])('keeps its state while it is paused, %s, and goes on', async (_, call) => {
    const { signal } = new AbortController();
    const pacer = new Pacer(signal);
    const place = toyPlace();
    const whole = await run(toyJob());
    let kept = 0;
    const paused = run(toyJob(), place, {
      signal,
      pacer,
      onProgress: ({ step }) => {
        if (step !== 5) return;
        call(() => pacer.pause());
        setTimeout(async () => {
          const [files] = place.files.values();
          kept = (await files.open(1))?.size ?? 0;
          pacer.resume();
        }, 300);
      },
    });
    const { told, parameters } = await paused;
    expect(kept).toBeGreaterThan(0);
    expect(numbersOf(told)).toEqual(numbersOf(whole.told));
    expect(parameters).toEqual(whole.parameters);
  });

  it('trains on where storage is refused, and says so', async () => {
    const refusing = { ...toyPlace(), openStates: () => Promise.reject(new Error('denied')) };
    const { warnings, told } = await run(toyJob(), refusing);
    expect(told).toHaveLength(12);
    expect(warnings).toEqual([
      "The training's state cannot be kept here (denied); it would begin anew after a reload.",
    ]);
    const full = {
      ...toyPlace(),
      openStates: async () => ({
        open: async () => undefined,
        create: () => Promise.reject(new Error('the disk is full')),
        remove: async () => {},
      }),
    };
    expect((await hurried(() => run(toyJob(), full))).warnings).toEqual([
      "The training's state cannot be kept any more (the disk is full); it goes on, but would begin anew after a reload.",
    ]);
  });
});

describe('a training whose GPU is lost', () => {
  const lost = () => new GptletError('DEVICE_LOST', 'The GPU device was lost.');

  it('goes on on the next one with the same numbers, told once each', async () => {
    const whole = await run(toyJob());
    for (const storage of [true, false]) {
      const place = toyPlace(onlyFirst(failingAt(6, lost)), ['webgpu', 'wasm']);
      const again = await hurried(() => run(toyJob(), place, { storage }));
      expect(place.made).toEqual(['webgpu', 'webgpu']);
      expect(numbersOf(again.told)).toEqual(numbersOf(whole.told));
      expect(again.parameters).toEqual(whole.parameters);
      expect(again.warnings).toEqual([]);
    }
  });

  it('moves to the CPU where it is lost again at once, or cannot be had, and says so', async () => {
    const place = toyPlace(
      (executor, made) => (made < 3 ? failingAt(1, lost)(executor) : executor),
      ['webgpu', 'wasm'],
    );
    const { warnings, told } = await run(toyJob(), place);
    expect(place.made).toEqual(['webgpu', 'webgpu', 'wasm']);
    expect(told).toHaveLength(12);
    expect(warnings).toEqual([
      'The GPU could not be used to train (The GPU device was lost.); the training went on on the CPU.',
    ]);
  });

  it('fails with it where only a GPU was wanted', async () => {
    await expect(run(toyJob(), toyPlace(failingAt(1, lost), ['webgpu']))).rejects.toMatchObject({
      code: 'DEVICE_LOST',
    });
  });
});

function flipped(bytes: Uint8Array, at: number): Uint8Array {
  const copy = bytes.slice();
  copy[at] ^= 4;
  return copy;
}

/** The same contents in files of their own: a run that ends well removes them. */
async function copyOf(files: Awaited<ReturnType<TrainingPlace['openStates']>>) {
  const { memoryStates } = await import('./state-files.ts');
  const copy = memoryStates();
  for (const slot of [0, 1] as const) {
    const reader = await files?.open(slot);
    if (!reader) continue;
    const writer = await copy.create(slot);
    await writer.write(await reader.read(0, reader.size));
    await writer.close();
  }
  return copy;
}
