import { GptletError } from '../errors/gptlet-error.ts';
import type { LoadOptions } from '../loading/load-options.ts';
import type { FineTuneOptions } from '../training/fine-tune-options.ts';
import type { PretrainConfig, PretrainOptions } from '../training/pretrain-options.ts';
import { numberOf } from './number-of.ts';
import { parseOptions } from './parse-options.ts';

export const trainUsage = `gptlet train EXAMPLES --out DIRECTORY [options]
    which task and method  [--task NAME] [--method head|lora|full] [--model SOURCE] [--dtype NAME] [--backend NAME] [--threads N]
    how it is judged       [--held-out X] [--balanced] [--label-smoothing X] [--seed N]
    of 'head'              [--l2 X]
    of 'lora'              [--rank N] [--alpha X] [--targets NAME,NAME] [--lora-dropout X]
    of 'lora' and 'full'   [--objective L2|L3] [--lambda X] [--learning-rate X] [--epochs N] [--steps N] [--batch-size N] [--warmup X]
                           [--schedule NAME] [--weight-decay X] [--dropout X] [--clip X] [--patience N] [--evaluate-every N]
                           [--checkpointing] [--tokens-at-once N] [--start-token T] [--delimiter-token T] [--extract-token T] [--no-state]
    a model from nothing   --from-scratch [--layers N] [--heads N] [--width N] [--context N] [--vocab-size N]`;

const ofLoading = ['dtype', 'backend', 'threads'] as const;
const ofShape = ['layers', 'heads', 'width', 'context', 'vocab-size'] as const;
const numbers = [
  ...[
    'held-out',
    'label-smoothing',
    'seed',
    'l2',
    'rank',
    'alpha',
    'lora-dropout',
    'lambda',
    'learning-rate',
    'epochs',
  ],
  ...['steps', 'batch-size', 'warmup', 'weight-decay', 'dropout', 'clip', 'patience', 'evaluate-every'],
  ...['tokens-at-once', 'threads', ...ofShape],
];
const words = [
  ...['task', 'method', 'backend', 'objective', 'schedule', 'truncation'],
  ...['start-token', 'delimiter-token', 'extract-token'],
];
const flags = ['balanced', 'checkpointing', 'from-scratch', 'no-state'];

export interface TrainArguments {
  readonly path: string;
  readonly out: string;
  readonly model: string | undefined;
  readonly load: LoadOptions;
  readonly options: FineTuneOptions & PretrainOptions;
  /** Of a model from nothing. */
  readonly shape: PretrainConfig | undefined;
}

/** @throws GptletError INVALID_OPTION; what the values may be, the training says */
export function trainArguments(args: readonly string[]): TrainArguments {
  const usage = `Usage: ${trainUsage}`;
  const named = ['out', 'model', 'dtype', 'targets', ...numbers, ...words];
  const { positionals, values: parsed } = parseOptions(
    args,
    {
      ...Object.fromEntries(named.map((name) => [name, { type: 'string' as const }])),
      ...Object.fromEntries(flags.map((name) => [name, { type: 'boolean' as const }])),
    },
    usage,
  );
  const values = parsed as { readonly [name: string]: string | true | undefined };
  const [path, ...more] = positionals;
  if (!path || more.length > 0)
    throw new GptletError('INVALID_OPTION', `Give one file of examples; ${positionals.length} were given. ${usage}`);
  if (!values['out']) throw new GptletError('INVALID_OPTION', `--out is missing: the directory to write to. ${usage}`);
  const given: Record<string, unknown> = {};
  for (const name of numbers) given[camelCase(name)] = numberOf(name, values[name] as string | undefined);
  for (const name of words) given[camelCase(name)] = values[name];
  const take = (names: readonly string[]): Record<string, unknown> =>
    Object.fromEntries(names.map((name) => [camelCase(name), given[camelCase(name)]]));
  const [load, shape] = [{ ...take(ofLoading), dtype: values['dtype'] }, take(ofShape)];
  for (const name of ofShape) delete given[camelCase(name)];
  return {
    path,
    out: values['out'] as string,
    model: values['model'] as string | undefined,
    load: load as LoadOptions,
    options: {
      ...(given as FineTuneOptions),
      ...(values['balanced'] && { classWeights: 'balanced' }),
      ...(values['checkpointing'] && { checkpointing: true }),
      ...(values['no-state'] && { storage: false }),
      ...(values['targets'] && { targets: targetsOf(values['targets'] as string) }),
    },
    shape: values['from-scratch'] ? (shape as PretrainConfig) : undefined,
  };
}

const camelCase = (name: string): string => name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());

const targetsOf = (given: string): FineTuneOptions['targets'] =>
  given === 'all' || given === 'attention' ? given : given.split(',');
