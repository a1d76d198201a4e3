import type { JobProgress } from '../training-job.ts';

/** The best that was found by what is held out. */
export interface BestSoFar {
  readonly step: number;
  readonly heldLoss: number;
  /** As the buffer `parameters` was. */
  readonly parameters: Float32Array;
  /** (K) per output per held item. */
  readonly heldLogits: readonly (readonly Float32Array[])[];
}

/** Where a run is, between two updates, beside what the executor's buffers hold. All else follows from the job. */
export interface RunState {
  /** Updates done. */
  step: number;
  best: BestSoFar | undefined;
  /** Evaluations since the best one. */
  misses: number;
  /** What was told so far. */
  readonly history: JobProgress[];
  readonly warnings: string[];
}

export const freshState = (): RunState => ({ step: 0, best: undefined, misses: 0, history: [], warnings: [] });
