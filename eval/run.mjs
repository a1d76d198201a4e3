// npm run eval -- <task> [options]: what a model is worth, measured by gptlet itself on the built package.
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { recordMeasured } from '../bench/measured.mjs';

const tasks = {
  lm: () => import('./tasks/language-modelling.mjs'),
  sst2: () => import('./tasks/sst2.mjs'),
  imdb: () => import('./tasks/imdb.mjs'),
  samples: () => import('./tasks/samples.mjs'),
};

const help = `Usage: npm run eval -- TASK [options]

Tasks:
  lm       bits per byte and perplexity of a text file (--file, default: tinystories-valid.txt)
  sst2     accuracy of the sentiment head on SST-2's dev sentences
  imdb     accuracy of the sentiment head on film reviews kept out of training
  samples  20 seeded samples of 120 tokens, written to docs/samples.md

Options:
  --model SOURCE   default: the embedded model
  --dtype NAME     one or several of f32, f16, q8, q4, separated by commas (default: auto)
  --backend NAME   default: wasm
  --data DIR       where the data lies (default: ../shared/data)
  --file FILE      the text of lm
  --limit N        documents or examples at most
  --json FILE      write the rows
  --record         write them into docs/measured.md
`;

const { values, positionals } = parseArgs({
  args: process.argv.slice(2),
  allowPositionals: true,
  options: {
    model: { type: 'string' },
    dtype: { type: 'string', default: 'auto' },
    backend: { type: 'string', default: 'wasm' },
    data: { type: 'string', default: '../shared/data' },
    file: { type: 'string' },
    limit: { type: 'string' },
    json: { type: 'string' },
    record: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
const [task] = positionals;
if (values.help || !tasks[task]) {
  console.log(help);
  process.exit(values.help ? 0 : 1);
}

const { evaluate } = await tasks[task]();
const rows = [];
for (const dtype of values.dtype.split(',')) {
  const limit = values.limit === undefined ? undefined : Number(values.limit);
  rows.push(...(await evaluate({ ...values, dtype, limit })));
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
