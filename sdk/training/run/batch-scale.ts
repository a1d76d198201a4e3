import type { TrainingItem, TrainingJob } from '../training-job.ts';

/** Factors that make sums over a batch's passes the means of which the loss is made. */
export interface BatchScale {
  /** On the weight of an output: labels / Σ weights of the batch's outputs; of choices, Σ over their questions. */
  readonly labels: number;
  /** On the loss of a token: language / targets of the batch. */
  readonly language: number;
}

export function batchScale(job: TrainingJob, items: readonly TrainingItem[], batch: ArrayLike<number>): BatchScale {
  let weights = 0;
  let targets = 0;
  for (let b = 0; b < batch.length; b++) {
    const { sequences, outputs = [] } = items[batch[b]];
    const counted = job.headKind === 'answer' ? outputs.slice(0, 1) : outputs;
    for (const { weight = 1 } of counted) weights += weight;
    for (const sequence of sequences) for (const target of sequence.targets ?? []) if (target >= 0) targets++;
  }
  const { labels, language } = job.objective;
  return {
    labels: weights === 0 ? 0 : labels / weights,
    language: targets === 0 ? 0 : language / targets,
  };
}
