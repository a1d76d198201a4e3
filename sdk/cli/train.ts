import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadModel } from '../api/load-model.ts';
import { GptletError } from '../errors/gptlet-error.ts';
import type { LoadOptions } from '../loading/load-options.ts';
import { fineTune } from '../training/fine-tune.ts';
import type { FineTuneOptions } from '../training/fine-tune-options.ts';
import type { Task } from '../training/task-examples.ts';
import type { TrainingProgress } from '../training/training.ts';
import { numberOf } from './number-of.ts';
import { parseOptions } from './parse-options.ts';
import { readRows } from './read-rows.ts';
import { showProgress } from './show-progress.ts';
import { reportHead } from './training-report.ts';

export const trainUsage =
  'gptlet train EXAMPLES --out DIRECTORY [--task NAME] [--model SOURCE] [--dtype NAME] [--backend NAME] [--held-out X] [--l2 X] [--balanced] [--label-smoothing X] [--seed N]';

/**
 * Fits a head to the examples of a file and writes it; says how good it is.
 *
 * @param args what follows `gptlet train`
 * @throws GptletError INVALID_OPTION, and all that loading and training throw
 */
export async function train(args: readonly string[]): Promise<void> {
  const { path, out, model: source, load, options } = parse(args);
  const examples = await readRows(path);
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  const model = await loadModel(source, { ...load, signal: stop.signal, onProgress: showProgress });
  try {
    const training = fineTune<Task, 'head'>(model, examples as never, { ...options, signal: stop.signal });
    for await (const progress of training) showStep(progress);
    const head = await training;
    process.stderr.write(process.stderr.isTTY ? '\r\x1b[K' : '');
    await mkdir(out, { recursive: true });
    for (const [name, bytes] of Object.entries(head.files())) await writeFile(join(out, name), bytes);
    process.stdout.write(reportHead(head, examples));
    process.stderr.write(`${out}: a head of ${head.labels.length} labels on ${source ?? 'the embedded model'}\n`);
  } finally {
    await model.dispose();
  }
}

/** One line that is written over, and only where somebody watches. */
function showStep({ stage, step, steps, secondsLeft, loss }: TrainingProgress): void {
  if (!process.stderr.isTTY) return;
  const rest = stage === 'fit' ? `loss ${loss?.toFixed(4)}` : `${secondsLeft?.toFixed(0)} s left`;
  process.stderr.write(`\r\x1b[K${stage} ${step}${steps === undefined ? '' : ` of ${steps}`}, ${rest}`);
}

function parse(args: readonly string[]): {
  readonly path: string;
  readonly out: string;
  readonly model: string | undefined;
  readonly load: LoadOptions;
  readonly options: FineTuneOptions<Task, 'head'>;
} {
  const usage = `Usage: ${trainUsage}`;
  const text = { type: 'string' } as const;
  const { positionals, values } = parseOptions(
    args,
    {
      ...{ out: text, task: text, model: text, dtype: text, backend: text, l2: text, seed: text },
      'held-out': text,
      'label-smoothing': text,
      balanced: { type: 'boolean' },
    },
    usage,
  );
  const [path, ...more] = positionals;
  if (!path || more.length > 0)
    throw new GptletError('INVALID_OPTION', `Give one file of examples; ${positionals.length} were given. ${usage}`);
  if (!values.out) throw new GptletError('INVALID_OPTION', `--out is missing: the directory to write to. ${usage}`);
  return {
    path,
    out: values.out,
    model: values.model,
    load: { dtype: values.dtype as LoadOptions['dtype'], backend: values.backend as LoadOptions['backend'] },
    options: {
      task: values.task as Task | undefined,
      heldOut: numberOf('held-out', values['held-out']),
      l2: numberOf('l2', values.l2),
      labelSmoothing: numberOf('label-smoothing', values['label-smoothing']),
      seed: numberOf('seed', values.seed),
      ...(values.balanced && { classWeights: 'balanced' }),
    },
  };
}
