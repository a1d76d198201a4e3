import type { Executor } from '../../gradients/executor.ts';
import type { TrainingPlan } from '../../gradients/plan.ts';
import type { RunState } from './run-state.ts';
import type { SavedStates } from './saved-state.ts';

/** Every minute; a large model's state, which takes long to write, more rarely: at most a twentieth of the time goes into it. */
const everyMs = 60_000;
const mostShare = 20;

/** Keeps a run's state now and then, and gives up where storage does. */
export class StateKeeper {
  #states: SavedStates | undefined;
  readonly #warn: (message: string) => void;
  #due = performance.now() + everyMs;
  #savedStep = -1;

  /** @param states absent where nothing is to be kept */
  constructor(states: SavedStates | undefined, warn: (message: string) => void) {
    this.#states = states;
    this.#warn = warn;
  }

  async saveIfDue(executor: Executor, plan: TrainingPlan, state: RunState): Promise<void> {
    if (performance.now() >= this.#due) await this.save(executor, plan, state);
  }

  async save(executor: Executor, plan: TrainingPlan, state: RunState): Promise<void> {
    if (!this.#states || state.step === this.#savedStep) return;
    const started = performance.now();
    try {
      await this.#states.save(executor, plan, state);
      this.#savedStep = state.step;
    } catch (error) {
      // A lost GPU is not the storage's fault.
      if ((error as { code?: string }).code === 'DEVICE_LOST') throw error;
      this.#states = undefined;
      this.#warn(
        `The training's state cannot be kept any more (${(error as Error).message}); it goes on, but would begin anew after a reload.`,
      );
    }
    const now = performance.now();
    this.#due = now + Math.max(everyMs, mostShare * (now - started));
  }

  /** Removes what was kept: the run has ended. */
  async remove(): Promise<void> {
    await this.#states?.remove().catch(() => {});
  }
}
