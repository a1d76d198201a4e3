import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadModel } from '../api/load-model.ts';
import { GptletError } from '../errors/gptlet-error.ts';
import { fineTune } from '../training/fine-tune.ts';
import { pretrain } from '../training/pretrain.ts';
import type { Task } from '../training/task-examples.ts';
import type { Training } from '../training/training.ts';
import { type CurvePoint, lossCurve } from './loss-curve.ts';
import { readRows } from './read-rows.ts';
import { showProgress } from './show-progress.ts';
import { showStep } from './show-step.ts';
import { type TrainArguments, trainArguments } from './train-arguments.ts';
import { type Reported, reportTraining } from './training-report.ts';

/** What every training ends with. */
interface Written extends Reported {
  files(): Readonly<Record<string, Uint8Array>>;
}

/**
 * Trains on the examples of a file, as `fineTune` or `pretrain` do, and writes what comes of it, with its curve and a report.
 *
 * @param args what follows `gptlet train`
 * @throws GptletError INVALID_OPTION, and all that loading and training throw
 */
export async function train(args: readonly string[]): Promise<void> {
  const given = trainArguments(args);
  const examples = await readRows(given.path);
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  await withTraining(given, examples, stop.signal, async (training) => {
    const curve: CurvePoint[] = [];
    for await (const progress of training) {
      showStep(progress);
      const { stage, step, loss, evaluation } = progress;
      if (stage === 'learn' && loss !== undefined) curve.push({ step, loss, heldLoss: evaluation?.loss });
    }
    const trained = await training;
    process.stderr.write(process.stderr.isTTY ? '\r\x1b[K' : '');
    const report = reportTraining(trained, examples);
    await mkdir(given.out, { recursive: true });
    const files = {
      ...trained.files(),
      ...(curve.length > 0 && { 'curve.svg': lossCurve(curve) }),
      'report.txt': report,
    };
    for (const [name, contents] of Object.entries(files)) await writeFile(join(given.out, name), contents);
    process.stdout.write(report);
    process.stderr.write(`${given.out}: ${Object.keys(files).join(', ')}\n`);
  });
}

/** Begins what was asked for; a model that it needs is there as long as `work` takes. */
async function withTraining(
  { model: source, load, options, shape }: TrainArguments,
  examples: readonly object[],
  signal: AbortSignal,
  work: (training: Training<Written>) => Promise<void>,
): Promise<void> {
  if (shape) return work(pretrain(shape, examples.map(textOf), { ...options, signal }));
  const model = await loadModel(source, { ...load, signal, onProgress: showProgress });
  try {
    await work(
      fineTune<Task, 'head' | 'lora' | 'full'>(model, examples as never, { ...options, signal }) as Training<Written>,
    );
  } finally {
    await model.dispose();
  }
}

function textOf(row: object, i: number): string {
  if ('text' in row && typeof row.text === 'string') return row.text;
  throw new GptletError(
    'INVALID_OPTION',
    `Row ${i + 1} has no text; a model from nothing learns from rows with a text.`,
  );
}
