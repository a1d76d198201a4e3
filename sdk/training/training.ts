import { createSharedRun, followSignal } from '../loaded-model/shared-run.ts';
import { Pacer } from './pacer.ts';

/** How far a training is. */
export interface TrainingProgress {
  /** The body reads the examples, once; then the head is fitted to what it made of them. */
  readonly stage: 'hidden-states' | 'fit';
  /** Examples read, or steps of the fit so far. */
  readonly step: number;
  /** How many there will be; of a fit nobody knows. */
  readonly steps?: number;
  /** Mean loss at this step of the fit. */
  readonly loss?: number;
  /** Of the body, while it reads. */
  readonly tokensPerSecond?: number;
  /** Until all examples are read, as it looks now. */
  readonly secondsLeft?: number;
}

/**
 * A training in waiting: await it for its result, or iterate it for how far it is. It starts lazily, with the first of either, and both
 * share one run. An aborted one rejects with the signal's reason.
 */
export interface Training<Result> extends AsyncIterable<TrainingProgress>, PromiseLike<Result> {
  /** Stops after the work that runs, some milliseconds or one pass of the body, until {@link resume}. */
  pause(): void;
  resume(): void;
}

/** What a training tells, and whom it asks whether it may go on. */
export interface TrainingControl {
  readonly pacer: Pacer;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: TrainingProgress) => void;
}

/** @param prepare checks what was given, when the run starts */
export function createTraining<Result>(
  prepare: () => { readonly signal?: AbortSignal; readonly run: (control: TrainingControl) => Promise<Result> },
): Training<Result> {
  let pacer: Pacer | undefined;
  const { start, iterate, stop } = createSharedRun<TrainingProgress, Result>(async (onProgress, stop) => {
    const { signal, run } = prepare();
    return followSignal(signal, stop, () => {
      stop.signal.throwIfAborted();
      return run({ pacer: pacerOf(), signal: stop.signal, onProgress });
    });
  });
  const pacerOf = (): Pacer => {
    pacer ??= new Pacer(stop.signal);
    return pacer;
  };
  return {
    [Symbol.asyncIterator]: iterate,
    // biome-ignore lint/suspicious/noThenProperty: it is a PromiseLike on purpose
    then: (onFulfilled, onRejected) => start().then(onFulfilled, onRejected),
    pause: () => pacerOf().pause(),
    resume: () => pacerOf().resume(),
  };
}
