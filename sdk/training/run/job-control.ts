import type { TensorPart } from '../../model/tensor.ts';
import type { Pacer } from '../pacer.ts';
import type { JobParameters, JobProgress } from '../training-job.ts';

/**
 * Gives the values that a training begins with, part by part, under canonical names or those of `loraNames`: all weights of the model, then
 * what is new (a head, low-rank factors, rows of new tokens). What comes later replaces what came before. Each part is taken before
 * the promise of `onPart` resolves, and its data may be overwritten afterwards. Called again after a lost GPU: it must give the same.
 */
export type WeightSource = (onPart: (part: TensorPart) => void | Promise<void>, signal: AbortSignal) => Promise<void>;

/** What a run tells, and whom it asks whether it may go on. */
export interface JobControl {
  /** Is asked between two passes; while it is paused, the run's state is in storage. */
  readonly pacer: Pacer;
  /** An abort is the user's choice: what was kept of the run is removed. */
  readonly signal: AbortSignal;
  readonly onProgress: (progress: JobProgress) => void;
  /** Is given a copy of the parameters with every evaluation (also where nothing is held out), as samples while it learns need them. */
  readonly onParameters?: (parameters: JobParameters, step: number) => void;
  /**
   * Whether the run's state is kept, so that the same job goes on after a crash where it was: in origin-private storage; in Node in
   * this folder. @default true: in Node `.gptlet/training`
   */
  readonly storage?: boolean | string;
}
