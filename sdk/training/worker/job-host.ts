import { proxy, transfer } from 'comlink';
import { version } from '../../platform/version.ts';
import { holdLifeLock } from '../../worker/life-lock.ts';
import { fromOutcome, type Outcome, toOutcome } from '../../worker/outcome.ts';
import type { Greeting } from '../../worker/protocol.ts';
import { receivePart } from '../../worker/receive-part.ts';
import type { TakePart } from '../../worker/sent-part.ts';
import { Pacer } from '../pacer.ts';
import type { WeightSource } from '../run/job-control.ts';
import { ownPlace } from '../run/own-place.ts';
import { train } from '../run/train.ts';
import type { JobParameters, JobProgress, JobResult, TrainingItem } from '../training-job.ts';
import type { JobWithoutItems, TrainingHost, TrainingPage } from './protocol.ts';

/** Runs a page's job in this worker. */
export class JobHost implements TrainingHost {
  readonly #items = { learn: [] as TrainingItem[], held: [] as TrainingItem[] };
  readonly #stop = new AbortController();
  readonly #pacer = new Pacer(this.#stop.signal);
  readonly #lifeLock: Promise<string | undefined> = holdLifeLock();

  async hello(): Promise<Greeting> {
    return { version, lifeLock: await this.#lifeLock };
  }

  async addItems(list: 'learn' | 'held', items: readonly TrainingItem[]): Promise<void> {
    this.#items[list].push(...items);
  }

  async run(
    job: JobWithoutItems,
    page: TrainingPage,
    { storage, handsParameters }: Parameters<TrainingHost['run']>[2],
  ): Promise<Outcome<JobResult>> {
    const weights: WeightSource = async (onPart) => {
      const take: TakePart = (part) => toOutcome(async () => onPart(receivePart(part)));
      fromOutcome(await page.readWeights(proxy(take)));
    };
    /** What the page has not yet answered: calls on its port keep their order, but the outcome comes by another. */
    let told: Promise<unknown> = Promise.resolve();
    const onParameters = (parameters: JobParameters, step: number): void => {
      told = page.onParameters(transfer(parameters, buffersOf(parameters)), step);
    };
    const control = {
      signal: this.#stop.signal,
      pacer: this.#pacer,
      onProgress: (progress: JobProgress) => {
        told = page.onProgress(progress);
      },
      ...(handsParameters && { onParameters }),
      ...(storage !== undefined && { storage }),
    };
    const outcome = await toOutcome(() => train({ ...job, ...this.#items }, weights, control, ownPlace(undefined)));
    await told.catch(() => {});
    return 'value' in outcome ? transfer(outcome, buffersOf(outcome.value.parameters)) : outcome;
  }

  async pause(isPaused: boolean): Promise<void> {
    if (isPaused) this.#pacer.pause();
    else this.#pacer.resume();
  }

  async abort(): Promise<void> {
    this.#stop.abort(new DOMException('The caller aborted.', 'AbortError'));
  }
}

/** Moved, not copied: the parameters of one copy share a buffer. */
const buffersOf = (parameters: JobParameters): ArrayBuffer[] => [
  ...new Set(Object.values(parameters).map(({ data }) => data.buffer as ArrayBuffer)),
];
