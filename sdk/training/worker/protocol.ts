import type { Outcome } from '../../worker/outcome.ts';
import type { Greeting } from '../../worker/protocol.ts';
import type { TakePart } from '../../worker/sent-part.ts';
import type { JobControl } from '../run/job-control.ts';
import type { JobParameters, JobProgress, JobResult, TrainingItem, TrainingJob } from '../training-job.ts';

/** A job whose items went ahead, some at a time: the page would stand still while it copies a hundred thousand. */
export type JobWithoutItems = Omit<TrainingJob, 'learn' | 'held'>;

/** The worker's side, exposed through Comlink. It runs one job, and ends with it. */
export interface TrainingHost {
  hello(): Promise<Greeting>;
  addItems(list: 'learn' | 'held', items: readonly TrainingItem[]): Promise<void>;
  run(
    job: JobWithoutItems,
    page: TrainingPage,
    options: Pick<JobControl, 'storage'> & { readonly handsParameters: boolean },
  ): Promise<Outcome<JobResult>>;
  pause(isPaused: boolean): Promise<void>;
  /** The outcome of `run` follows. */
  abort(): Promise<void>;
}

/** The page's side: a Comlink proxy. */
export interface TrainingPage {
  readWeights(onPart: TakePart): Promise<Outcome<void>>;
  onProgress(progress: JobProgress): Promise<void>;
  onParameters(parameters: JobParameters, step: number): Promise<void>;
}
