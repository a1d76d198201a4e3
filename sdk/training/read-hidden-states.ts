import { GptletError } from '../errors/gptlet-error.ts';
import { formatWindows, type InputFormat } from '../heads/input-format.ts';
import type { GptModel } from '../loaded-model/gpt-model.ts';
import type { Features } from './fit-linear.ts';
import type { LabelledTexts } from './labelled-texts.ts';
import type { TrainingControl } from './training.ts';

/** Tokens that go to the model at once; between two, progress is told and other calls get their turn. */
const tokensAtOnce = 1024;

/** One row of features, and the sequences of which it is made: the mean over windows, the sum over orders. */
interface Row {
  readonly windows: readonly (readonly Uint32Array[])[];
}

/**
 * The last hidden state of every example, as a classifier's tasks use it (heads/classifier.ts): what a linear head adds up to.
 *
 * @returns also the indices of examples that did not fit the context and were cut
 */
export async function readHiddenStates(
  model: GptModel,
  { kind, inputs }: LabelledTexts,
  format: InputFormat,
  { pacer, signal, onProgress }: TrainingControl,
): Promise<{ readonly features: Features; readonly cut: readonly number[] }> {
  const { tokenizer, config } = model;
  const cut: number[] = [];
  const rows: Row[] = [];
  const firstRow = [0];
  for (const [i, tuples] of inputs.entries()) {
    const windows = tuples.map((texts) => formatWindows(texts, format, tokenizer, config));
    if (tuples.some((texts, t) => windows[t].length === 1 && isCut(texts, windows[t][0], model))) cut.push(i);
    // The answers of a choice are rows of their own; both orders of a pair are one.
    if (kind === 'answer') rows.push(...windows.map((each) => ({ windows: [each] })));
    else rows.push({ windows });
    firstRow.push(rows.length);
    if (pacer.isDue) await pacer.rest();
  }
  const C = config.nEmbd;
  const features = { C, rows: allocate(rows.length * C, inputs.length), firstRow };
  const total = rows.reduce((sum, row) => sum + tokensOf(row), 0);
  const started = performance.now();
  let tokens = 0;
  let step = 0;
  for (let done = 0, end = 0; done < rows.length; done = end) {
    for (let size = 0; end < rows.length && (size === 0 || size < tokensAtOnce); end++) size += tokensOf(rows[end]);
    const group = rows.slice(done, end);
    const hidden = await model.embedBatch(
      group.flatMap(({ windows }) => windows.flat()),
      { signal },
    );
    let next = 0;
    for (const [i, { windows }] of group.entries()) {
      const sum = features.rows.subarray((done + i) * C, (done + i + 1) * C);
      for (const { length } of windows)
        for (let w = 0; w < length; w++, next++) for (let c = 0; c < C; c++) sum[c] += hidden[next][c] / length;
    }
    tokens += group.reduce((sum, row) => sum + tokensOf(row), 0);
    while (step < inputs.length && firstRow[step + 1] <= end) step++;
    const seconds = (performance.now() - started) / 1000;
    onProgress({
      stage: 'hidden-states',
      step,
      steps: inputs.length,
      tokensPerSecond: tokens / seconds,
      secondsLeft: (seconds * (total - tokens)) / tokens,
    });
    await pacer.rest();
  }
  return { features, cut };
}

const tokensOf = ({ windows }: Row): number => windows.flat().reduce((sum, { length }) => sum + length, 0);

/** Whether a sequence of the context's length holds less than its texts. */
export function isCut(
  texts: readonly string[],
  { length }: Uint32Array,
  { tokenizer, config }: Pick<GptModel, 'tokenizer' | 'config'>,
): boolean {
  if (length < config.nCtx) return false;
  // Of a text of megabytes not all is read to know that.
  if (texts.some((text) => !tokenizer.isWithinLimit(text, length))) return true;
  return texts.reduce((sum, text) => sum + tokenizer.count(text), 0) > length;
}

function allocate(floats: number, examples: number): Float32Array {
  try {
    return new Float32Array(floats);
  } catch (cause) {
    throw new GptletError(
      'OUT_OF_MEMORY',
      `The hidden states of ${examples} examples take ${Math.ceil(floats / 2 ** 18)} MB, which there are not; train on fewer.`,
      { cause },
    );
  }
}
