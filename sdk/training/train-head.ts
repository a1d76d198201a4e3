import { resolveInputFormat } from '../heads/input-format.ts';
import type { GptModel } from '../loaded-model/gpt-model.ts';
import { seededRandom } from '../platform/seeded-random.ts';
import { checkTokens } from './check-tokens.ts';
import { readClassWeights } from './class-weights.ts';
import { doubts } from './doubts.ts';
import type { FineTuneOptions } from './fine-tune-options.ts';
import { fitHead } from './fit-head.ts';
import { headConfig, inputFormatFor } from './head-config.ts';
import { bodyOf } from './head-data.ts';
import { readExamples } from './labelled-texts.ts';
import { readHiddenStates } from './read-hidden-states.ts';
import { scaleChannels, unscaleWeights } from './scale-channels.ts';
import type { LabelTask, TaskExamples } from './task-examples.ts';
import { createTrainedHead, type TrainedHead } from './trained-head.ts';
import type { TrainingControl } from './training.ts';

/** Fits a linear layer to the last hidden states of a body that stays as it is: in this thread, a few milliseconds at a time. */
export async function trainHead<T extends LabelTask>(
  model: GptModel,
  task: T,
  examples: readonly TaskExamples[T][],
  given: FineTuneOptions,
  control: TrainingControl,
): Promise<TrainedHead> {
  checkTokens(given, model.tokenizer);
  const data = await readExamples(task, examples, control.pacer);
  const inputFormat = inputFormatFor(data, given, model);
  const format = resolveInputFormat(inputFormat, model.tokenizer);
  const losses = {
    classWeights: readClassWeights(given.classWeights, data),
    labelSmoothing: given.labelSmoothing,
  };
  const { features, cut } = await readHiddenStates(model, data, format, control);
  const scales = scaleChannels(features);
  const random = seededRandom(given.seed ?? 0);
  const { heldOut = 0.2, l2 } = given;
  const { weights, evaluation } = await fitHead(features, data, { heldOut, l2, ...losses }, random, control);
  return createTrainedHead({
    task,
    head: headConfig(data, inputFormat),
    body: bodyOf(model.config),
    weights: unscaleWeights(weights, scales),
    ...(evaluation && { evaluation }),
    warnings: await doubts(data, cut, model.config, control.pacer),
  });
}
