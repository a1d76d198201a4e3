import { GptletError } from '../errors/gptlet-error.ts';
import { checkArgument } from '../options/check-argument.ts';
import { resolveOptions } from '../options/check-options.ts';
import { texts as textList } from '../options/kinds.ts';
import { pretrainConfig, pretrainOptions } from '../options/table.ts';
import type { PretrainConfig, PretrainOptions } from './pretrain-options.ts';
import type { TrainedModel } from './results/trained-model.ts';
import { createTraining, type Training } from './training.ts';

/**
 * Trains a small GPT from nothing on texts, its vocabulary first: to teach, to play, for what no published model knows.
 *
 * @throws (on await or iteration) as `fineTune` does
 * @example
 * const training = pretrain({ layers: 4, width: 128 }, stories, { epochs: 2 });
 * for await (const { step, loss } of training) plot(step, loss);
 * const model = await loadModel((await training).files());
 */
export function pretrain(
  config: PretrainConfig,
  texts: readonly string[],
  options: PretrainOptions = {},
): Training<TrainedModel> {
  return createTraining(() => {
    const size = resolveOptions(pretrainConfig(), config);
    const given = resolveOptions(pretrainOptions(), options);
    checkArgument('texts', texts, textList);
    const refuse = (what: string): never => {
      throw new GptletError('INVALID_OPTION', what);
    };
    if (!texts.some((text) => text.length > 0))
      refuse('There is no text to learn from; give some, a few kilobytes at least.');
    const { width, heads } = size;
    if (width % heads !== 0)
      refuse(
        `width is ${width}, which ${heads} heads cannot share; take a multiple of ${heads}, such as ${heads * Math.ceil(width / heads)}.`,
      );
    if (given.epochs != null && given.steps != null)
      refuse(`epochs is ${given.epochs} and steps is ${given.steps}; each says how long the training is: give one.`);
    return {
      signal: given.signal,
      run: async (control) => (await import('./descent/pretrain-body.ts')).pretrainBody(size, texts, given, control),
    };
  });
}
