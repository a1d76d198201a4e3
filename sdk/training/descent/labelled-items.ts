import { formatInput, type InputFormat } from '../../heads/input-format.ts';
import type { GptModel } from '../../loaded-model/gpt-model.ts';
import type { LossOptions } from '../example-loss.ts';
import type { LabelledTexts } from '../labelled-texts.ts';
import type { Pacer } from '../pacer.ts';
import { isCut } from '../read-hidden-states.ts';
import type { TrainingItem, TrainingOutput } from '../training-job.ts';
import { type Items, nextTokens } from './items.ts';

/**
 * Labelled examples as a job has them: hidden states of last tokens, those of both orders of a pair added, and one output an answer of a
 * choice; the same inputs as a classifier's tasks give (heads/classifier.ts).
 */
export async function labelledItems(
  data: LabelledTexts,
  { format, model, losses, language }: LabelledItemsOptions,
  pacer: Pacer,
): Promise<Items> {
  const items: TrainingItem[] = [];
  const cut: number[] = [];
  for (const [i, tuples] of data.inputs.entries()) {
    const sequences = tuples.map((texts) => formatInput(texts, format, model.tokenizer, model.config));
    if (tuples.some((texts, t) => isCut(texts, sequences[t], model))) cut.push(i);
    const places = sequences.map(({ length }, sequence) => ({ sequence, token: length - 1 }));
    items.push({
      sequences: sequences.map((tokenIds) => ({ tokenIds, ...(language && { targets: nextTokens(tokenIds) }) })),
      outputs:
        data.kind === 'answer' ? answers(places, data.targets[i] as number, losses) : [label(places, data, i, losses)],
    });
    if (pacer.isDue) await pacer.rest();
  }
  return { items, cut };
}

export interface LabelledItemsOptions {
  readonly format: InputFormat;
  readonly model: Pick<GptModel, 'tokenizer' | 'config'>;
  readonly losses: LossOptions;
  /** Whether next tokens are learnt too. */
  readonly language: boolean;
}

type Places = TrainingOutput['places'];

function label(
  places: Places,
  { kind, labels, targets }: LabelledTexts,
  i: number,
  { classWeights, labelSmoothing = 0 }: LossOptions,
): TrainingOutput {
  const target = targets[i];
  if (typeof target !== 'number') return { places, target };
  if (kind === 'value') return { places, target: [target] };
  return {
    places,
    target: oneHot(labels.length, target, labelSmoothing),
    ...(classWeights && { weight: classWeights[target] }),
  };
}

const answers = (places: Places, answer: number, { labelSmoothing = 0 }: LossOptions): TrainingOutput[] =>
  oneHot(places.length, answer, labelSmoothing).map((share, a) => ({ places: [places[a]], target: [share] }));

/** 1 at one place, of which a share goes to all alike. */
export const oneHot = (length: number, at: number, smoothing: number): number[] =>
  Array.from({ length }, (_, k) => smoothing / length + (k === at ? 1 - smoothing : 0));
