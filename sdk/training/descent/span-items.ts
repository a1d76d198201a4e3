import { GptletError } from '../../errors/gptlet-error.ts';
import { show } from '../../errors/show.ts';
import { labelsOfWords, spanLabels } from '../../heads/span-labels.ts';
import { type Word, wordsOf } from '../../heads/words.ts';
import type { GptModel } from '../../loaded-model/gpt-model.ts';
import { checkArgument } from '../../options/check-argument.ts';
import { array, fields, rows, text, wholeNumber } from '../../options/kinds.ts';
import type { Pacer } from '../pacer.ts';
import type { TaskExamples } from '../task-examples.ts';
import type { TrainingItem } from '../training-job.ts';
import { type Items, nextTokens } from './items.ts';
import { oneHot } from './labelled-items.ts';

type SpanExample = TaskExamples['tokens'];

/** Examples of the task `'tokens'` as a job has them, and what an evaluation needs of them. */
export interface SpanItems extends Items {
  /** `O`, then `B-…` and `I-…` of every label. */
  readonly labels: readonly string[];
  /** Of every example, its words that were read, and their labels by number. */
  readonly words: readonly (readonly Word[])[];
  readonly targets: readonly (readonly number[])[];
}

/** @throws GptletError INVALID_OPTION that names the first example that is none */
export function checkSpanExamples(examples: readonly SpanExample[]): void {
  checkArgument('examples', examples, array);
  if (examples.length === 0)
    throw new GptletError('INVALID_OPTION', 'There are no examples; give some dozens of texts with spans.');
  examples.forEach((row, i) => {
    const name = `examples[${i}]`;
    checkArgument(name, row, fields({}));
    checkArgument(
      name,
      row,
      fields({ text, spans: rows({ start: wholeNumber(0), end: wholeNumber(0), label: text }) }),
    );
    const refuse = (at: number, what: string): never => {
      const { start, end, label } = row.spans[at];
      throw new GptletError(
        'INVALID_OPTION',
        `${name}.spans[${at}], ${show(label)} from ${start} to ${end}, ${what}; start and end are what text.slice(start, end) takes.`,
      );
    };
    const order = row.spans.map((_, s) => s).sort((a, b) => row.spans[a].start - row.spans[b].start);
    order.forEach((s, o) => {
      const { start, end } = row.spans[s];
      if (end > row.text.length) refuse(s, `ends after the text of ${row.text.length} characters`);
      if (row.text.slice(start, end).trim() === '') refuse(s, 'has no text');
      if (o > 0 && row.spans[order[o - 1]].end > start) refuse(s, 'begins before another one ends');
    });
    if (row.text.trim() === '')
      throw new GptletError('INVALID_OPTION', `${name} has an empty text; fill it or leave the row out.`);
  });
  if (examples.every(({ spans }) => spans.length === 0))
    throw new GptletError('INVALID_OPTION', 'No example has a span; give some that have what is to be found.');
}

/** @param startIds stand before every text */
export async function spanItems(
  examples: readonly SpanExample[],
  { model, startIds, labelSmoothing = 0, language }: SpanItemsOptions,
  pacer: Pacer,
): Promise<SpanItems> {
  const labels = spanLabels([...new Set(examples.flatMap(({ spans }) => spans.map(({ label }) => label)))].sort());
  const items: TrainingItem[] = [];
  const cut: number[] = [];
  const words: Word[][] = [];
  const targets: number[][] = [];
  for (const [i, { text: given, spans }] of examples.entries()) {
    const found = wordsOf(given, model.tokenizer);
    const tokenIds = Uint32Array.from([...startIds, ...found.tokenIds]).subarray(0, model.config.nCtx);
    const read = found.words.filter(({ token }) => startIds.length + token < tokenIds.length);
    if (read.length < found.words.length) cut.push(i);
    const own = labelsOfWords(found.words, spans)
      .slice(0, read.length)
      .map((label) => labels.indexOf(label));
    words.push(read);
    targets.push(own);
    items.push({
      sequences: [{ tokenIds, ...(language && { targets: nextTokens(tokenIds) }) }],
      outputs: read.map(({ token }, w) => ({
        places: [{ sequence: 0, token: startIds.length + token }],
        target: oneHot(labels.length, own[w], labelSmoothing),
      })),
    });
    if (pacer.isDue) await pacer.rest();
  }
  return { items, cut, labels, words, targets };
}

export interface SpanItemsOptions {
  readonly model: Pick<GptModel, 'tokenizer' | 'config'>;
  readonly startIds: readonly number[];
  readonly labelSmoothing: number | undefined;
  /** Whether next tokens are learnt too. */
  readonly language: boolean;
}
