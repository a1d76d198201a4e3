// npm run eval -- <task> [options]: what a model is worth, measured by gptlet itself on the built package.
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { recordMeasured } from '../bench/measured.mjs';

/** Task → what it measures, and the module that does. */
const labelled = (dataset) => async () => {
  const [{ evaluateLabelled }, datasets] = await Promise.all([
    import('./tasks/labelled.mjs'),
    import('./datasets/labelled.mjs'),
  ]);
  return { evaluate: (options) => evaluateLabelled(datasets[dataset], options) };
};
const choices = (dataset) => async () => {
  const [{ evaluateChoices }, datasets] = await Promise.all([
    import('./tasks/choices.mjs'),
    import('./datasets/choices.mjs'),
  ]);
  return { evaluate: (options) => evaluateChoices(datasets[dataset], options) };
};
const tasks = {
  lm: [
    'bits per byte and perplexity of a text (--file, --detokenizer)',
    () => import('./tasks/language-modelling.mjs'),
  ],
  'last-word': ['the last word of a passage, as LAMBADA asks (--file)', () => import('./tasks/last-word.mjs')],
  sst2: ['SST-2 dev sentences by head (default) or prompt', labelled('sst2')],
  trec: ['TREC question types, held out', labelled('trec')],
  cola: ['CoLA in-domain dev', labelled('cola')],
  sick: ['SICK entailment, trial', labelled('sick')],
  'sick-relatedness': ['SICK relatedness, trial, by a regression head', () => import('./tasks/relatedness.mjs')],
  imdb: ['film reviews kept out of training, by head (default) or prompt', labelled('imdb')],
  copa: ['COPA', choices('copa')],
  arc: ['ARC-Easy dev, or --file in ARC’s format', choices('arc')],
  choices: ['any choices (--file: JSON lines of context, answers, answer)', choices('choices')],
  labels: ['any labelled texts (--file: JSON lines of text, or premise and hypothesis, and label)', labelled('labels')],
  hellaswag: ['HellaSwag (--file)', choices('hellaswag')],
  winograd: ['Winograd schemas, or Winogrande (--file)', choices('winograd')],
  arithmetic: ['GPT-3’s tests with two digits', () => import('./tasks/arithmetic.mjs')],
  papers: [
    'all of the above that the papers report and the data allow, into docs/papers.md',
    () => import('./tasks/papers.mjs'),
  ],
  samples: ['20 seeded samples of 120 tokens, written to docs/samples.md', () => import('./tasks/samples.mjs')],
};

const help = `Usage: npm run eval -- TASK [options]

Tasks:
${Object.entries(tasks)
  .map(([name, [what]]) => `  ${name.padEnd(17)} ${what}`)
  .join('\n')}

Options:
  --model SOURCE      default: the embedded model, or the embedded classifier where a head is asked for
  --how head|prompt   by a fine-tuned head, or by likelihood after a prompt (default: prompt; sst2 and imdb: head)
  --shots K           solved examples in the prompt (default: 0)
  --detokenizer NAME  wikitext, ptb or lambada: writes a benchmark's spaced words as plain text first
  --dtype NAME        one or several of f32, f16, q8, q4, separated by commas (default: auto)
  --backend NAME      default: wasm
  --data DIR          where the data lies (default: ../shared/data)
  --file FILE         the data of lm, last-word, copa, arc, hellaswag, winograd, choices, labels
  --heads DIR         for papers: a folder of classifiers, one a task (trec, cola, sick-entailment, arc-easy)
  --limit N           documents or examples at most
  --json FILE         write the rows
  --record            write them into docs/measured.md
`;

const { values, positionals } = parseArgs({
  args: process.argv.slice(2),
  allowPositionals: true,
  options: {
    model: { type: 'string' },
    how: { type: 'string' },
    shots: { type: 'string', default: '0' },
    detokenizer: { type: 'string' },
    dtype: { type: 'string', default: 'auto' },
    backend: { type: 'string', default: 'wasm' },
    data: { type: 'string', default: '../shared/data' },
    file: { type: 'string' },
    heads: { type: 'string' },
    limit: { type: 'string' },
    json: { type: 'string' },
    record: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
const [task] = positionals;
const how = values.how ?? (task === 'sst2' || task === 'imdb' ? 'head' : 'prompt');
if (values.help || !Object.hasOwn(tasks, task) || !['head', 'prompt'].includes(how)) {
  console.log(help);
  process.exit(values.help ? 0 : 1);
}

const run = async (name, options) => (await tasks[name][1]()).evaluate({ ...options, run });
const rows = [];
for (const dtype of values.dtype.split(',')) {
  const limit = values.limit === undefined ? undefined : Number(values.limit);
  rows.push(...(await run(task, { ...values, how, dtype, limit, shots: Number(values.shots) })));
}
console.table(
  rows.map(({ case: name, subject, metric, median, min, max, unit, runs }) => ({
    case: name,
    subject,
    metric,
    figure: median,
    from: min,
    to: max,
    unit,
    runs,
  })),
);
if (values.json) writeFileSync(values.json, `${JSON.stringify(rows, undefined, 2)}\n`);
if (values.record) recordMeasured(rows, `npm run eval -- ${process.argv.slice(2).join(' ').replace(' --record', '')}`);
