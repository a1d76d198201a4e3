import type { JobResult, TrainingJob } from '../training-job.ts';
import type { JobControl, WeightSource } from './job-control.ts';
import { ownPlace } from './own-place.ts';
import { train } from './train.ts';

/** Runs a job in this thread, which is held up for one pass at a time. */
export const trainHere = (job: TrainingJob, weights: WeightSource, control: JobControl): Promise<JobResult> =>
  train(job, weights, control, ownPlace(typeof control.storage === 'string' ? control.storage : undefined));
