import type { HeadConfig, ModelConfig } from '../model/config.ts';
import type { Evaluation } from './evaluation.ts';
import type { Task } from './task-examples.ts';

/** What a body is known by. */
export type Body = Pick<ModelConfig, 'architecture' | 'nLayer' | 'nEmbd' | 'vocabSize'>;

/** A trained head as data. */
export interface HeadData {
  readonly task: Task;
  readonly head: HeadConfig;
  readonly body: Body;
  /** (K, C) */
  readonly weights: Float32Array;
  readonly evaluation?: Evaluation;
  readonly warnings: readonly string[];
}

export const bodyOf = ({ architecture, nLayer, nEmbd, vocabSize }: ModelConfig): Body => ({
  architecture,
  nLayer,
  nEmbd,
  vocabSize,
});
