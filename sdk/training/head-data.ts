import { GptletError } from '../errors/gptlet-error.ts';
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

/** @throws GptletError UNSUPPORTED_MODEL */
export function requireBody(config: ModelConfig, wanted: Body, what: string): void {
  const given = bodyOf(config);
  if (JSON.stringify(given) === JSON.stringify(wanted)) return;
  const words = ({ architecture, nLayer, nEmbd, vocabSize }: Body): string =>
    `${architecture}, ${nLayer} layers, width ${nEmbd}, ${vocabSize} tokens`;
  throw new GptletError(
    'UNSUPPORTED_MODEL',
    `${what} was trained on another body (${words(wanted)}) than this one (${words(given)}); load the one it was trained on.`,
  );
}
