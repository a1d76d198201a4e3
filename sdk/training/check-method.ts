import { GptletError } from '../errors/gptlet-error.ts';
import { show } from '../errors/show.ts';
import type { FineTuneOptions, Method } from './fine-tune-options.ts';
import type { Task } from './task-examples.ts';

type Name = keyof FineTuneOptions;

const ofLora: readonly Name[] = ['rank', 'alpha', 'targets', 'loraDropout'];
const ofDescent: readonly Name[] = [
  ...([
    'learningRate',
    'epochs',
    'steps',
    'batchSize',
    'warmup',
    'schedule',
    'weightDecay',
    'dropout',
    'clip',
  ] as const),
  ...(['patience', 'evaluateEvery', 'checkpointing', 'tokensAtOnce', 'storage', 'backend', 'threads'] as const),
  ...(['objective', 'lambda'] as const),
];

/** The methods that an option is for, where it is not for all. */
const methodsOf: Partial<Record<Name, readonly Method[]>> = {
  l2: ['head'],
  ...Object.fromEntries(ofLora.map((name) => [name, ['lora']])),
  ...Object.fromEntries(ofDescent.map((name) => [name, ['lora', 'full']])),
  onSnapshot: ['full'],
};

/** Options of labels, which text has none of; and of what stands around a text or between two. */
const ofLabels: readonly Name[] = ['classWeights', 'labelSmoothing', 'objective', 'lambda'];
const ofFormat: readonly Name[] = ['startToken', 'delimiterToken', 'extractToken', 'truncation'];

/**
 * The method, and that no option was given that it or the task has no use for: it would be ignored.
 *
 * @param given as the caller gave it, without defaults
 * @throws GptletError INVALID_OPTION
 */
export function checkMethod(task: Task, given: FineTuneOptions): Method {
  const method = given.method ?? (task === 'text' || task === 'tokens' ? 'lora' : 'head');
  const refuse = (what: string): never => {
    throw new GptletError('INVALID_OPTION', what);
  };
  if (method === 'head' && (task === 'text' || task === 'tokens'))
    refuse(`method is 'head', which labels whole texts; for the task ${show(task)} take 'lora' or 'full'.`);
  for (const name of Object.keys(given) as Name[]) {
    if (given[name] == null) continue;
    const methods = methodsOf[name];
    if (methods && !methods.includes(method))
      refuse(
        `${name} is an option of method ${methods.map(show).join(' and ')}, and the method is ${show(method)}; leave it out${given.method ? '' : ', or say which method you mean'}.`,
      );
    if (task === 'text' && (ofLabels.includes(name) || ofFormat.includes(name)))
      refuse(`${name} is for examples with labels, and the task is 'text'; leave it out.`);
    if (task === 'tokens' && ['classWeights', 'delimiterToken', 'extractToken', 'truncation'].includes(name))
      refuse(`${name} is for labels of whole texts, and the task is 'tokens'; leave it out.`);
  }
  if (given.epochs != null && given.steps != null)
    refuse(`epochs is ${given.epochs} and steps is ${given.steps}; each says how long the training is: give one.`);
  if (given.lambda != null && given.objective !== 'L3')
    refuse("lambda weighs the second part of objective 'L3'; set objective to 'L3', or leave lambda out.");
  if (method !== 'head' && given.truncation === 'windows')
    refuse("truncation is 'windows', which method 'head' alone learns from; take 'head', 'tail' or 'both'.");
  return method;
}
