import { proxy, type Remote } from 'comlink';
import { GptletError } from '../../errors/gptlet-error.ts';
import { workerFromSource } from '../../platform/blob-worker.ts';
import { firstToAnswer, type RunningWorker } from '../../worker/greet.ts';
import { fromOutcome, toOutcome } from '../../worker/outcome.ts';
import { sendPart } from '../../worker/sent-part.ts';
import { watchBackground } from '../run/background.ts';
import type { JobControl, WeightSource } from '../run/job-control.ts';
import type { JobResult, TrainingItem, TrainingJob } from '../training-job.ts';
import type { TrainingHost } from './protocol.ts';

/** Items that go to the worker at once: a millisecond's work. */
const itemsAtOnce = 256;

/**
 * Runs a job in a worker of its own, which ends with it. Where the page allows no worker, in its own thread: better late than not at all.
 *
 * @throws as `train`; GptletError WORKER_FAILED should the worker be ended from outside
 */
export async function trainInWorker(job: TrainingJob, weights: WeightSource, control: JobControl): Promise<JobResult> {
  const background = watchBackground();
  try {
    const onProgress: JobControl['onProgress'] = (progress) => control.onProgress(background.mark(progress));
    const result = await trainSomewhere(job, weights, { ...control, onProgress });
    return { ...result, warnings: [...result.warnings, ...background.warnings()] };
  } finally {
    background.end();
  }
}

async function trainSomewhere(job: TrainingJob, weights: WeightSource, control: JobControl): Promise<JobResult> {
  const failures: unknown[] = [];
  const worker = await firstToAnswer<TrainingHost>([fromFile, fromInlineSource], (host) => host.hello(), failures);
  if (worker) return trainOn(worker, job, weights, control);
  control.signal.throwIfAborted();
  const { trainHere } = await import('../run/train-here.ts');
  const { warnings, ...result } = await trainHere(job, weights, control);
  const reasons = failures.map((failure) => (failure as Error)?.message ?? String(failure)).join('; then ');
  return {
    ...result,
    warnings: [
      ...warnings,
      `The training ran in the page's own thread, which it held up: no worker could be started (${reasons}).`,
    ],
  };
}

async function trainOn(
  worker: RunningWorker<TrainingHost>,
  { learn, held, ...job }: TrainingJob,
  weights: WeightSource,
  control: JobControl,
): Promise<JobResult> {
  const { host } = worker;
  const { signal, pacer, storage, onParameters } = control;
  const abort = (): void => void host.abort().catch(() => {});
  signal.addEventListener('abort', abort, { once: true });
  try {
    const work = async () => {
      await sendItems(host, 'learn', learn, control);
      await sendItems(host, 'held', held, control);
      pacer.watch((isPaused) => void host.pause(isPaused).catch(() => {}));
      const page = proxy({
        readWeights: (onPart: (part: ReturnType<typeof sendPart>) => ReturnType<typeof toOutcome<void>>) =>
          toOutcome(() => weights(async (part) => fromOutcome(await onPart(sendPart(part))), signal)),
        onProgress: async (progress: Parameters<JobControl['onProgress']>[0]) => {
          if (!signal.aborted) control.onProgress(progress);
        },
        onParameters: async (...given: Parameters<NonNullable<JobControl['onParameters']>>) => onParameters?.(...given),
      });
      return fromOutcome(await host.run(job, page, { storage, handsParameters: onParameters !== undefined }));
    };
    return (await Promise.race([work(), worker.failed])) as JobResult;
  } catch (error) {
    // The caller's own reason, of which the worker knows nothing.
    signal.throwIfAborted();
    if (!GptletError.isInstance(error) || error.code !== 'WORKER_FAILED') throw error;
    throw new GptletError(
      'WORKER_FAILED',
      `The worker that trained has ended (${error.message}). Start the same training again: it goes on from the last state that was kept.`,
      { cause: error },
    );
  } finally {
    signal.removeEventListener('abort', abort);
    pacer.watch(() => {});
    worker.terminate();
  }
}

async function sendItems(
  host: Remote<TrainingHost>,
  list: 'learn' | 'held',
  items: readonly TrainingItem[],
  { signal }: JobControl,
): Promise<void> {
  for (let at = 0; at < items.length; at += itemsAtOnce) {
    signal.throwIfAborted();
    await host.addItems(list, items.slice(at, at + itemsAtOnce));
  }
}

function fromFile(): Worker {
  // Vite and webpack look for exactly this expression.
  return new Worker(new URL('./worker-training.js', import.meta.url), { type: 'module' });
}

async function fromInlineSource(): Promise<Worker> {
  const { workerSource } = await import('./worker-training-inline.js');
  return workerFromSource(workerSource);
}
