import { createSharedRun, followSignal } from '../loaded-model/shared-run.ts';
import type { Evaluation } from './evaluation.ts';
import { Pacer } from './pacer.ts';

/** How far a training is. */
export interface TrainingProgress {
  /**
   * Of a head: the body reads the examples, once; then the head is fitted to what it made of them. Where the body learns: examples become
   * tokens and weights are read, then step follows step.
   */
  readonly stage: 'hidden-states' | 'fit' | 'prepare' | 'learn';
  /** Examples read, or steps so far. */
  readonly step: number;
  /** How many there will be; of a head's fit nobody knows. */
  readonly steps?: number;
  /** Mean loss at this step. */
  readonly loss?: number;
  /** Tokens that went through the body a second. */
  readonly tokensPerSecond?: number;
  /** Until all examples are read, or all steps are made, as it looks now. */
  readonly secondsLeft?: number;
  /** While the body learns: how often all examples have been seen, as a fraction. */
  readonly epoch?: number;
  readonly learningRate?: number;
  /** Of all gradients together, before they were clipped. */
  readonly gradientNorm?: number;
  /** Where this step was followed by one: how good it is by now on what is held out. */
  readonly evaluation?: Evaluation;
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
