import { type Classifier, classifierWith } from '../heads/classifier.ts';
import type { GptModel } from '../loaded-model/gpt-model.ts';
import { checkArgument } from '../options/check-argument.ts';
import { callback, fields, object } from '../options/kinds.ts';
import type { Evaluation } from './evaluation.ts';
import { type HeadData, requireBody } from './head-data.ts';
import { headFiles } from './head-files.ts';
import { applyHead } from './results/apply-head.ts';
import type { Task } from './task-examples.ts';

/** A linear layer over the last hidden state of a body, which it does not hold: some kilobytes. */
export interface TrainedHead {
  readonly task: Task;
  /** In the order of its logits. */
  readonly labels: readonly string[];
  /** How good it is on examples that were held out; missing where none were. */
  readonly evaluation?: Evaluation;
  /** What was cut, left out or doubtful in the examples, in words. */
  readonly warnings: readonly string[];
  /**
   * A classifier of this head over `model`, which has to be the body that it was trained on (in any dtype); it stays the caller's,
   * and can still generate. The head's task says which of the calls serve.
   *
   * @throws GptletError UNSUPPORTED_MODEL for another body
   */
  attach(model: GptModel): Classifier;
  /**
   * `config.json` and `model.safetensors` in the layout of the hub's …ForSequenceClassification, with the head's weight alone
   * (`score.weight`): what `loadHead` reads.
   */
  files(): Readonly<Record<'config.json' | 'model.safetensors', Uint8Array<ArrayBuffer>>>;
}

export function createTrainedHead(data: HeadData): TrainedHead {
  const { task, head, evaluation, warnings } = data;
  return {
    task,
    labels: head.labels,
    ...(evaluation && { evaluation }),
    warnings,
    attach: (model) => {
      checkArgument('model', model, fields({ config: object, embedBatch: callback }));
      requireBody(model.config, data.body, 'The head');
      return classifierWith(model, head, async (sequences, options) =>
        (await model.embedBatch(sequences, options)).map((hidden) => applyHead({ weight: data.weights }, hidden)),
      );
    },
    files: () => headFiles(data),
  };
}
