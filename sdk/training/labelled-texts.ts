import { GptletError } from '../errors/gptlet-error.ts';
import { show } from '../errors/show.ts';
import { checkArgument } from '../options/check-argument.ts';
import { array, fields, type Kind, number, optional, text, texts, wholeNumber } from '../options/kinds.ts';
import type { Pacer } from './pacer.ts';
import type { LabelTask, TaskExamples } from './task-examples.ts';

/**
 * Examples of any task in one form. An example is one or more sequences, each of one text or two: both orders of a pair whose
 * hidden states are added, or one sequence an answer. Its target is, by `kind`, a label's number, which labels are set, a value, or the
 * right answer's index.
 */
export interface LabelledTexts {
  readonly kind: 'one label' | 'labels' | 'value' | 'answer';
  /** In the order of their names; of one that stands for itself where the targets are numbers or answers. */
  readonly labels: readonly string[];
  readonly inputs: readonly (readonly (readonly string[])[])[];
  readonly targets: readonly (number | readonly number[])[];
}

const shapes: { readonly [T in LabelTask]: (row: TaskExamples[T]) => { readonly [field: string]: Kind } } = {
  classification: () => ({ text, label: text }),
  'multi-label': () => ({ text, labels: texts }),
  regression: () => ({ text, value: number() }),
  entailment: () => ({ premise: text, hypothesis: text, label: text }),
  similarity: (row) => ({ a: text, b: text, ...('value' in row ? { value: number() } : { label: text }) }),
  choice: ({ answers }) => ({
    context: text,
    question: optional(text),
    answers: texts,
    answer: wholeNumber(0, Math.max(0, (answers?.length ?? 1) - 1)),
  }),
};

const sequences: { readonly [T in LabelTask]: (row: TaskExamples[T]) => readonly (readonly string[])[] } = {
  classification: (row) => [[row.text]],
  'multi-label': (row) => [[row.text]],
  regression: (row) => [[row.text]],
  entailment: (row) => [[row.premise, row.hypothesis]],
  similarity: ({ a, b }) => [
    [a, b],
    [b, a],
  ],
  choice: ({ context, question, answers }) => {
    const before = question == null ? context : `${context} ${question}`;
    return answers.map((answer) => [before, answer]);
  },
};

/**
 * A few milliseconds at a time: there may be hundreds of thousands.
 *
 * @throws GptletError INVALID_OPTION for rows that are not what the task learns from, naming the first such
 */
export async function readExamples<T extends LabelTask>(
  task: T,
  examples: readonly TaskExamples[T][],
  pacer: Pacer,
): Promise<LabelledTexts> {
  checkArgument('examples', examples, array);
  if (examples.length === 0)
    throw new GptletError('INVALID_OPTION', 'There are no examples; give some dozens, at least two of each label.');
  const first = examples[0] as object | null;
  const inputs: LabelledTexts['inputs'][number][] = [];
  for (const [i, row] of examples.entries()) {
    const name = `examples[${i}]`;
    checkArgument(name, row, fields({}));
    checkArgument(name, row, fields(shapes[task](row)));
    if (task === 'similarity' && 'value' in row !== 'value' in Object(first))
      throw new GptletError(
        'INVALID_OPTION',
        `${name} has a ${'value' in row ? 'value' : 'label'} where examples[0] has not; give all rows labels, or all values.`,
      );
    inputs.push(sequences[task](row));
    requireText(name, inputs[i]);
    if (pacer.isDue) await pacer.rest();
  }
  return { inputs, ...(await targetsOf(task, examples, pacer)) };
}

async function targetsOf(
  task: LabelTask,
  examples: readonly object[],
  pacer: Pacer,
): Promise<Omit<LabelledTexts, 'inputs'>> {
  if (task === 'choice') {
    const targets = (examples as readonly TaskExamples['choice'][]).map(({ answer }) => answer);
    return { kind: 'answer', labels: ['fits'], targets };
  }
  if ('value' in examples[0]) {
    const targets = (examples as readonly TaskExamples['regression'][]).map(({ value }) => value);
    return { kind: 'value', labels: ['value'], targets };
  }
  if (task === 'multi-label') {
    const rows = (examples as readonly TaskExamples['multi-label'][]).map((row) => row.labels);
    const labels = namesOf(rows.flat(), 1);
    const targets: number[][] = [];
    for (const row of rows) {
      targets.push(labels.map((label) => Number(row.includes(label))));
      if (pacer.isDue) await pacer.rest();
    }
    return { kind: 'labels', labels, targets };
  }
  const rows = (examples as readonly TaskExamples['classification'][]).map(({ label }) => label);
  const labels = namesOf(rows, 2);
  const numbers = new Map(labels.map((label, k) => [label, k]));
  return { kind: 'one label', labels, targets: rows.map((label) => numbers.get(label) as number) };
}

/** Different labels in the order of their code units, which is the same on every machine. */
function namesOf(labels: readonly string[], least: number): string[] {
  const names = [...new Set(labels)].sort();
  if (names.length >= least) return names;
  const found = names.length === 0 ? 'no label at all' : `only the label ${show(names[0])}`;
  throw new GptletError(
    'INVALID_OPTION',
    `The examples have ${found}; add examples of ${least > 1 ? 'another' : 'one'}.`,
  );
}

function requireText(name: string, tuples: readonly (readonly string[])[]): void {
  const what =
    tuples.length === 0 ? 'no answers' : tuples.some((tuple) => tuple.includes('')) ? 'an empty text' : undefined;
  if (what) throw new GptletError('INVALID_OPTION', `${name} has ${what}; fill it or leave the row out.`);
}
