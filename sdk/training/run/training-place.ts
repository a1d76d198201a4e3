import type { TrainingBackend } from '../../gradients/backends.ts';
import type { Executor, ExecutorOptions } from '../../gradients/executor.ts';
import type { TrainingPlan } from '../../gradients/plan.ts';
import type { TrainingJob } from '../training-job.ts';
import type { StateFiles } from './state-files.ts';

/** What the thread that trains has around it. Tests bring their own. */
export interface TrainingPlace {
  /** Backends in the order to try them. */
  backends(wanted: TrainingJob['backend']): Promise<readonly TrainingBackend[]>;
  createExecutor(backend: TrainingBackend, plan: TrainingPlan, options: ExecutorOptions): Promise<Executor>;
  /** Where a job's state is kept; undefined where nothing can be. @throws where storage is refused */
  openStates(key: string): Promise<StateFiles | undefined>;
}
