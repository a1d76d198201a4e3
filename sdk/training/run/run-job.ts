import type { JobResult, TrainingJob } from '../training-job.ts';
import type { JobControl, WeightSource } from './job-control.ts';

/**
 * Runs a job: of a page in a worker, elsewhere in this thread, pass by pass. Its code comes with the first.
 *
 * @throws GptletError OUT_OF_MEMORY, DEVICE_LOST, WORKER_FAILED, and whatever `weights` throws; the signal's reason
 */
export async function runJob(job: TrainingJob, weights: WeightSource, control: JobControl): Promise<JobResult> {
  control.signal.throwIfAborted();
  if (typeof document !== 'undefined') {
    const { trainInWorker } = await import('../worker/train-in-worker.ts');
    return trainInWorker(job, weights, control);
  }
  const { trainHere } = await import('./train-here.ts');
  return trainHere(job, weights, control);
}
