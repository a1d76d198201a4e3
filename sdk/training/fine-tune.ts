import { resolveInputFormat } from '../heads/input-format.ts';
import type { GptModel } from '../loaded-model/gpt-model.ts';
import type { HeadConfig, InputFormatConfig, ModelConfig } from '../model/config.ts';
import { checkArgument } from '../options/check-argument.ts';
import { resolveOptions } from '../options/check-options.ts';
import { callback, fields, object } from '../options/kinds.ts';
import { fineTuneOptions } from '../options/table.ts';
import { seededRandom } from '../platform/seeded-random.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import { readClassWeights } from './class-weights.ts';
import { doubts } from './doubts.ts';
import type { FineTuneOptions } from './fine-tune-options.ts';
import { fitHead } from './fit-head.ts';
import { bodyOf } from './head-data.ts';
import { type LabelledTexts, readExamples } from './labelled-texts.ts';
import { readHiddenStates } from './read-hidden-states.ts';
import { scaleChannels, unscaleWeights } from './scale-channels.ts';
import type { Task, TaskExamples } from './task-examples.ts';
import { createTrainedHead, type TrainedHead } from './trained-head.ts';
import { createTraining, type Training } from './training.ts';

/**
 * Fits a head to labelled examples on a body that stays as it is (GPT, 2018, section 3.2, with the body frozen). Nothing leaves the
 * machine: the examples go to the model, wherever it runs, and the fit is made in this thread, a few milliseconds at a time.
 *
 * @throws (on await or iteration) GptletError INVALID_OPTION for examples that are not the task's; OUT_OF_MEMORY, BAD_TOKENIZER, DISPOSED;
 *   the signal's reason once it is aborted
 * @example
 * const head = await fineTune(model, mails.map(({ text, folder }) => ({ text, label: folder })));
 * console.log(head.evaluation?.accuracy);
 * const [{ label }] = await head.attach(model).classify('Your invoice of May');
 */
export function fineTune<T extends Task = 'classification'>(
  model: GptModel,
  examples: readonly TaskExamples[T][],
  options: FineTuneOptions<T> = {},
): Training<TrainedHead> {
  return createTraining(() => {
    checkArgument('model', model, fields({ config: object, embedBatch: callback }));
    const given = resolveOptions(fineTuneOptions(), options);
    const task: Task = given.task;
    const data = readExamples(task, examples);
    const inputFormat = inputFormatFor(data, given, model);
    const format = resolveInputFormat(inputFormat, model.tokenizer);
    const losses = {
      classWeights: readClassWeights(given.classWeights, data),
      labelSmoothing: given.labelSmoothing,
    };
    return {
      signal: given.signal,
      run: async (control) => {
        const { features, cut } = await readHiddenStates(model, data, format, control);
        const scales = scaleChannels(features);
        const random = seededRandom(given.seed);
        const { weights, evaluation } = await fitHead(
          features,
          data,
          { ...given, ...losses, l2: given.l2 },
          random,
          control,
        );
        return createTrainedHead({
          task,
          head: headConfig(data, inputFormat),
          body: bodyOf(model.config),
          weights: unscaleWeights(weights, scales),
          ...(evaluation && { evaluation }),
          warnings: doubts(data, cut, model.config),
        });
      },
    };
  });
}

/** As given. Between two texts that nothing would part, the token that ends a text. */
function inputFormatFor(
  { inputs }: LabelledTexts,
  { startToken, delimiterToken, extractToken, truncation }: FineTuneOptions,
  { tokenizer, config }: GptModel,
): InputFormatConfig | undefined {
  const isPair = inputs.some((tuples) => tuples.some((texts) => texts.length > 1));
  const usual = isPair && tokenizer.template.between.length === 0 ? endOfText(tokenizer, config) : undefined;
  const named = Object.entries({ startToken, delimiterToken: delimiterToken ?? usual, extractToken, truncation });
  const said = named.filter(([, value]) => value != null);
  return said.length === 0 ? undefined : (Object.fromEntries(said) as InputFormatConfig);
}

function endOfText({ specialTokens }: Tokenizer, { eosTokenIds }: ModelConfig): string | undefined {
  for (const [name, id] of specialTokens) if (eosTokenIds.includes(id)) return name;
  return undefined;
}

const problemTypes = {
  'one label': 'single_label_classification',
  labels: 'multi_label_classification',
  value: 'regression',
  answer: undefined,
} as const;

function headConfig({ kind, labels }: LabelledTexts, inputFormat: InputFormatConfig | undefined): HeadConfig {
  const problemType = problemTypes[kind];
  return {
    kind: kind === 'answer' ? 'multiple-choice' : 'sequence-classification',
    labels,
    ...(problemType && { problemType }),
    bias: false,
    ...(inputFormat && { inputFormat }),
  };
}
