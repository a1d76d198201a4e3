// npm run bench -- SUITE [--json FILE] [--record] [options of the suite]: gptlet and its peers, side by side in one run.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { machine } from './machine.mjs';
import { recordMeasured } from './measured.mjs';

/** Suite → what it measures; each lies in bench/SUITE/run.mjs and returns its rows. */
const suites = {
  cpu: 'the WASM engine on the GPT-2 124M shape, against onnxruntime-web and wllama',
  models: "shapes of today's small models, against wllama, onnxruntime-web and gemma-webgpu; loading one of them",
  drafts: "speculative decoding against plain: prompt look-up and a draft model, on GPT-2 124M's shape",
  gpu: 'the WebGPU engine: work per token counted, tokens a second',
  load: 'time and peak memory of loading GPT-2 124M, against onnxruntime-web and wllama',
  tasks: 'sentences a second of a classifier, against transformers.js',
  tokenizer: 'encoding and decoding, against gpt-tokenizer, tiktoken, js-tiktoken and @huggingface/tokenizers',
  shipped: 'the models that ship, in Chromium: page load to first token, classify of one sentence',
  'life-cycle': 'what 1,000 aborted generations and 50 loaded models leave behind',
  page: 'first token after navigation and how long the page is held up',
  constraint: 'opening JSON schemas and finding masks, against XGrammar and transformers.js',
  training: 'LoRA, everything and heads on two cores, against PyTorch',
  sampler: 'a sampled token at 50,257 entries, against a plain sort',
};

const help = `Usage: npm run bench -- SUITE [options]

Suites:
${Object.entries(suites)
  .map(([name, what]) => `  ${name.padEnd(10)} ${what}`)
  .join('\n')}

Options:
  --json FILE   write the rows { suite, case, subject, metric, unit, median, min, max, runs }
  --record      write them into docs/measured.md
Others go to the suite.
`;

const [suite, ...args] = process.argv.slice(2);
if (!(suite in suites)) {
  console.log(help);
  process.exit(suite === '--help' ? 0 : 1);
}
/** Takes an option of this file out of the arguments; gives the value after it, or '' for a bare one. */
function take(name, hasValue) {
  const at = args.indexOf(name);
  if (at < 0) return undefined;
  return args.splice(at, hasValue ? 2 : 1)[1] ?? '';
}
const json = take('--json', true);
const record = take('--record', false) !== undefined;

// What is measured is what is built.
execFileSync(process.execPath, ['scripts/build.mjs'], { stdio: ['ignore', 'ignore', 'inherit'] });
const { default: run } = await import(`./${suite}/run.mjs`);
const rows = await run(args);
// One table for every suite, whatever a suite says on its way.
console.table(
  rows.map(({ case: name, subject, metric, median, min, max, unit, runs }) => ({
    case: name,
    subject,
    metric,
    median,
    min,
    max,
    unit,
    runs,
  })),
);
if (json) writeFileSync(json, `${JSON.stringify(rows, undefined, 2)}\n`);
if (record) {
  const inPage = !['constraint', 'drafts', 'sampler', 'tokenizer'].includes(suite) && !args.includes('--node');
  recordMeasured(rows, ['npm run bench --', suite, ...args].join(' '), { where: await machine(inPage) });
}
process.exit(0);
