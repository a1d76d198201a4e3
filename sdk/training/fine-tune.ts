import type { GptModel } from '../loaded-model/gpt-model.ts';
import { checkArgument } from '../options/check-argument.ts';
import { checkOptions, defaultsOf } from '../options/check-options.ts';
import { array, callback, fields, object } from '../options/kinds.ts';
import { fineTuneOptions } from '../options/table.ts';
import { checkMethod } from './check-method.ts';
import type { FineTuneOptions, Method, UsualMethod } from './fine-tune-options.ts';
import type { TrainedAdapter } from './results/trained-adapter.ts';
import type { TrainedModel } from './results/trained-model.ts';
import type { LabelTask, Task, TaskExamples } from './task-examples.ts';
import { trainHead } from './train-head.ts';
import type { TrainedHead } from './trained-head.ts';
import { createTraining, type Training } from './training.ts';

/** What comes of each method. */
export interface Trained<T extends Task = Task> {
  readonly head: TrainedHead;
  readonly lora: TrainedAdapter<T>;
  readonly full: TrainedModel;
}

/**
 * Fits a model to examples, as GPT (2018, section 3.2) did: a head on a body that stays as it is, or the body with it. Nothing leaves the
 * machine: the examples go where the model runs, or to a worker beside it.
 *
 * @throws (on await or iteration) GptletError INVALID_OPTION for examples that are not the task's and options that are not the method's;
 *   OUT_OF_MEMORY, which says what fits; BAD_TOKENIZER, UNSUPPORTED_MODEL, DEVICE_LOST, WORKER_FAILED, DISPOSED; the signal's reason once it is
 *   aborted
 * @example
 * const head = await fineTune(model, mails.map(({ text, folder }) => ({ text, label: folder })));
 * console.log(head.evaluation?.accuracy);
 * const [{ label }] = await head.attach(model).classify('Your invoice of May');
 */
export function fineTune<T extends Task = 'classification', M extends Method = UsualMethod<T>>(
  model: GptModel,
  examples: readonly TaskExamples[T][],
  options: FineTuneOptions<T, M> = {},
): Training<Trained<T>[M]> {
  return createTraining<Trained[Method]>(() => {
    checkArgument('model', model, fields({ config: object, embedBatch: callback }));
    const checked = checkOptions(fineTuneOptions(), options as FineTuneOptions);
    const task: Task = checked.task ?? 'classification';
    const method = checkMethod(task, checked);
    checkArgument('examples', examples, array);
    const given = { ...defaultsOf<FineTuneOptions>(fineTuneOptions()), ...checked };
    return {
      signal: given.signal,
      run: async (control) => {
        if (method === 'head')
          return trainHead(model, task as LabelTask, examples as readonly TaskExamples[LabelTask][], given, control);
        const { fineTuneBody } = await import('./descent/fine-tune-body.ts');
        return fineTuneBody(model, { task, method, examples }, given, control);
      },
    };
  }) as Training<Trained<T>[M]>;
}
