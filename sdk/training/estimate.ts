import type { GptModel } from '../loaded-model/gpt-model.ts';
import { checkArgument } from '../options/check-argument.ts';
import { checkOptions, defaultsOf } from '../options/check-options.ts';
import { callback, fields, object, optional, wholeNumber } from '../options/kinds.ts';
import { fineTuneOptions } from '../options/table.ts';
import { checkMethod } from './check-method.ts';
import type { Estimate, ExampleSizes } from './estimated.ts';
import type { FineTuneOptions, Method, UsualMethod } from './fine-tune-options.ts';
import type { Task, TaskExamples } from './task-examples.ts';

/**
 * What a call of `fineTune` with the same options would take: to know before it starts. Where it is too much, `checkpointing`, fewer
 * `tokensAtOnce`, a lower rank or another method take less.
 *
 * @param examples as for `fineTune`, or their sizes
 * @throws GptletError INVALID_OPTION as `fineTune` does
 * @example
 * const { memoryBytes } = await estimate(model, { examples: 1000, tokens: 40 }, { method: 'lora' });
 */
export async function estimate<T extends Task = 'classification', M extends Method = UsualMethod<T>>(
  model: GptModel,
  examples: readonly TaskExamples[T][] | ExampleSizes,
  options: FineTuneOptions<T, M> = {},
): Promise<Estimate> {
  checkArgument('model', model, fields({ config: object, embedBatch: callback }));
  const checked = checkOptions(fineTuneOptions(), options as FineTuneOptions);
  const task: Task = checked.task ?? 'classification';
  const method = checkMethod(task, checked);
  const given = { ...defaultsOf<FineTuneOptions>(fineTuneOptions()), ...checked };
  const sizes = Array.isArray(examples) ? undefined : (examples as ExampleSizes);
  if (sizes) {
    const count = wholeNumber(1);
    checkArgument('examples', sizes, fields({ examples: count, tokens: count, labels: optional(count) }));
  }
  const { estimateTraining } = await import('./descent/estimate-training.ts');
  return estimateTraining({ model, task, method, given }, sizes ?? (examples as readonly object[]));
}
