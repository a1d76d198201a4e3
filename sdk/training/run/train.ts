import { GptletError } from '../../errors/gptlet-error.ts';
import type { TrainingBackend } from '../../gradients/backends.ts';
import { rotaryTables } from '../../gradients/graph/rotary-tables.ts';
import type { TrainingPlan } from '../../gradients/plan.ts';
import type { JobProgress, JobResult, TrainingJob } from '../training-job.ts';
import type { JobControl, WeightSource } from './job-control.ts';
import { jobKey } from './job-key.ts';
import { loadWeights } from './load-weights.ts';
import { outOfMemory } from './out-of-memory.ts';
import { planOf } from './plan-of.ts';
import { freshState, type RunState } from './run-state.ts';
import { SavedStates } from './saved-state.ts';
import { Session } from './session.ts';
import { memoryStates } from './state-files.ts';
import { StateKeeper } from './state-keeper.ts';
import type { TrainingPlace } from './training-place.ts';

/**
 * Runs a job in this thread. A lost GPU is made good: an executor is made again, on the CPU if need be, and goes on from the last state that
 * was kept, with the same numbers.
 *
 * @throws GptletError OUT_OF_MEMORY; DEVICE_LOST where only a GPU was wanted and it is lost again and again; the signal's reason
 */
export async function train(
  job: TrainingJob,
  weights: WeightSource,
  control: JobControl,
  place: TrainingPlace,
): Promise<JobResult> {
  return new Training(job, weights, control, place).run();
}

class Training {
  readonly #job: TrainingJob;
  readonly #weights: WeightSource;
  readonly #control: JobControl;
  readonly #place: TrainingPlace;
  readonly #warnings: string[] = [];
  #states: SavedStates | undefined;
  #opened = false;
  /** The last step that was told. */
  #told = 0;

  constructor(job: TrainingJob, weights: WeightSource, control: JobControl, place: TrainingPlace) {
    this.#job = job;
    this.#weights = weights;
    this.#control = control;
    this.#place = place;
  }

  async run(): Promise<JobResult> {
    const { signal } = this.#control;
    signal.throwIfAborted();
    const plan = planOf(this.#job);
    const backends = [...(await this.#place.backends(this.#job.backend))];
    /** The step up to which the run had come when it failed before. */
    let failedAt = -1;
    for (;;) {
      try {
        const result = await this.#runOn(backends[0], plan);
        await this.#states?.remove().catch(() => {});
        return { ...result, warnings: [...this.#warnings, ...result.warnings] };
      } catch (error) {
        if (signal.aborted) {
          await this.#states?.remove().catch(() => {});
          throw signal.reason;
        }
        if (backends[0] !== 'webgpu') throw error;
        const isLost = GptletError.isInstance(error) && error.code === 'DEVICE_LOST';
        // Once more on the GPU, unless nothing was done since it was lost the last time.
        if (isLost && this.#told > failedAt) {
          failedAt = this.#told;
          continue;
        }
        if (backends.length === 1) throw error;
        backends.shift();
        this.#warnings.push(
          `The GPU could not be used ${this.#told > 0 ? 'any more' : 'to train'} (${(error as Error).message}); the training went on on the CPU.`,
        );
      }
    }
  }

  async #runOn(backend: TrainingBackend, plan: TrainingPlan): Promise<JobResult> {
    const { threads } = this.#job;
    const executor = await this.#place
      .createExecutor(backend, plan, { threads })
      .catch((error) => Promise.reject(outOfMemory(error, this.#job, plan)));
    try {
      const body = await loadWeights(executor, plan, this.#allWeights(plan), this.#control.signal);
      await this.#openStates(body, backend);
      const warn = (message: string): void => void this.#warnings.push(message);
      const keeper = new StateKeeper(this.#states, warn);
      const state = (await this.#states?.restore(executor, plan)) ?? freshState();
      this.#tellPast(state);
      const control = { ...this.#control, onProgress: (progress: JobProgress) => this.#tell(progress) };
      return await new Session({ job: this.#job, plan, executor, state, keeper, control }).run();
    } finally {
      executor.dispose();
    }
  }

  /** With what follows from the config alone. */
  #allWeights(plan: TrainingPlan): WeightSource {
    return async (onPart, signal) => {
      for (const part of rotaryTables(this.#job.config, plan.mostTokens)) await onPart(part);
      await this.#weights(onPart, signal);
    };
  }

  async #openStates(body: string, backend: TrainingBackend): Promise<void> {
    if (this.#opened) return;
    this.#opened = true;
    const { storage = true } = this.#control;
    let files =
      storage === false
        ? undefined
        : await this.#place.openStates(jobKey(this.#job, body)).catch((error) => {
            this.#warnings.push(
              `The training's state cannot be kept here (${(error as Error).message}); it would begin anew after a reload.`,
            );
            return undefined;
          });
    if (!files && backend === 'webgpu') files = memoryStates();
    this.#states = files && new SavedStates(files);
  }

  /** What a run told before it was interrupted is told again, so that its curve is whole. */
  #tellPast({ history }: RunState): void {
    for (const progress of history) this.#tell(progress);
  }

  /** A step that is done once more after a lost GPU was told already. */
  #tell(progress: JobProgress): void {
    if (progress.step <= this.#told) return;
    this.#told = progress.step;
    this.#control.onProgress(progress);
  }
}
