import { existsSync, writeFileSync } from 'node:fs';
import { everyWay } from '../papers/every-way.mjs';
import { paperFigures } from '../papers/paper-figures.mjs';

const file = 'docs/papers.md';

/**
 * Measures the embedded model on what the papers report and writes both, beside the commands, into docs/papers.md.
 * `heads` is a folder of classifiers fine-tuned from it, one a task, by the names in `everyWay`.
 */
export async function evaluate({ run, heads, ...options }) {
  const measured = new Map();
  const measure = async ({ task, shots = 0, how = 'prompt', limit = options.limit, model = options.model }) => {
    const key = [task, shots, how, limit, model].join();
    if (!measured.has(key)) {
      process.stderr.write(`${task}, ${how === 'head' ? 'head' : `${shots} shots`}\n`);
      measured.set(key, await run(task, { ...options, shots, how, limit, model }));
    }
    return measured.get(key);
  };
  const folderOf = (head) => (head && heads && existsSync(`${heads}/${head}`) ? `${heads}/${head}` : undefined);
  const cellsOf = async (ours, command) => {
    const folder = folderOf(ours?.head);
    if (folder) return pick(await measure({ task: ours.task, how: 'head', model: folder }), { metric: ours.metric });
    if (!ours || (ours.head && ours.how === 'head')) return ['not measured', ''];
    const [cell, baseline] = pick(await measure(ours), ours);
    // What the paper did by a head and the embedded model, which has none for it, does by a prompt.
    return [ours.how !== 'head' && command.includes('--how head') ? `${cell}, by prompt` : cell, baseline];
  };
  const papers = [];
  for (const { paper, where, task, figure, command, ours } of paperFigures) {
    const cells = await cellsOf(ours, command);
    papers.push([`${paper}, ${where}`, task, figure, `\`npm run eval -- ${command}\``, ...cells]);
  }
  const ways = [];
  for (const entry of everyWay) {
    const zero = pick(await measure({ ...entry, shots: 0 }), entry);
    const few = pick(await measure(entry), entry);
    const folder = folderOf(entry.head);
    const head =
      folder || entry.head === ''
        ? pick(await measure({ task: entry.task, how: 'head', model: folder }), { metric: 'accuracy' })[0]
        : '';
    ways.push([entry.title, zero[1], zero[0], `${few[0]}, ${entry.shots} shots`, head]);
  }
  const table = (rows) => rows.map((cells) => `| ${cells.join(' | ')} |`);
  writeFileSync(
    file,
    `${[...introduction(options), ...table(papers), ...everyWayHead(), ...table(ways)].join('\n')}\n`,
  );
  return [...measured.values()].flat();
}

/** The figure with its interval and what it was measured on, and its baseline. */
function pick(rows, { metric, way, name }) {
  const of = (row) => row.metric === metric && (!name || row.case === name);
  const found = rows.find(
    (row) => of(row) && row.unit !== undefined && (!way || row.subject.endsWith(way)) && isModel(row),
  );
  const baseline = rows.find((row) => !isModel(row));
  const share = found.unit === 'share';
  const show = (value) => (share ? `${(100 * value).toFixed(1)} %` : value.toFixed(metric === 'bits per byte' ? 3 : 2));
  const interval = found.min < found.max ? ` (${show(found.min)} to ${show(found.max)})` : '';
  return [
    `${show(found.median)}${interval}, ${found.case}`,
    baseline && share ? `${(100 * baseline.median).toFixed(1)} % (${baseline.subject})` : '',
  ];
}

const isModel = ({ subject }) => subject !== 'chance' && subject !== 'most frequent label';

function introduction({ model, dtype, backend, limit }) {
  return [
    '# The papers’ figures, and the embedded model’s',
    '',
    `Made by \`npm run eval -- papers${model ? ` --model ${model}` : ''}${limit ? ` --limit ${limit}` : ''}\` (${backend}, ${dtype}); not typed. Figures of the papers are their own;`,
    'the command beside each would report it here, given the paper’s weights and data:',
    '',
    '- GPT (2018) fine-tuned a head for each task and published none of them: `CHECKPOINT` stands for one in the hub’s layout.',
    '- GPT-2 (2019) is on the hub.',
    '- GPT-3 (2020) was not published: `GPT-3` stands for its weights, GPT-Neo is the nearest of its kind.',
    '',
    'Names of files are those in which the benchmarks are handed out, and each task reads that form. Where the test’s labels are kept',
    'back (GLUE, SuperGLUE) the command is of the dev set. Every command is run by a test, on made-up data by a model of random weights.',
    'What the papers do not tell differs: prompts where a paper has none, shots that are drawn once rather than for each question,',
    'greedy decoding where GPT-3 searched with beams. Several spans that DROP asks for are read between an answer’s commas.',
    '',
    'The last two columns are the embedded model: 5.8 million parameters trained on children’s stories for a few hours, so that',
    'most of these tasks are far beyond it. Where the benchmark itself is not at hand the column names what took its place:',
    'tinystories-valid for texts, SICK for SNLI and STS-B. Shares have 95 % intervals (Wilson), correlations bootstrapped ones. The',
    'baseline is chance, or always the most frequent label.',
    '',
    '| paper | task | paper’s figure | command | embedded model | baseline |',
    '|---|---|---|---|---|---|',
  ];
}

function everyWayHead() {
  return [
    '',
    '## The embedded model, every way',
    '',
    'Accuracy with its 95 % interval. By prompt, labels are ranked by likelihood, calibrated by an empty text; answers by likelihood',
    'less that after "Answer:" (COPA: after "because" or "so"). Shots are drawn with seed 0 from the training data, of COPA, which has',
    'none, from its first 32 items, which are then not asked. Heads are the embedded model fine-tuned on each task (`training/`); only',
    'the one for sentiment ships. Data: SST-2, CoLA and ARC-Easy dev, SICK trial, COPA dev, every eleventh question of TREC.',
    '',
    '| task | baseline | zero-shot | few-shot | fine-tuned head |',
    '|---|---|---|---|---|',
  ];
}
