import { loadClassifier } from '../../dist/heads.js';
import { loadModel } from '../../dist/index.js';
import { fineTune } from '../../dist/training.js';
import { cola, sick, sst2, trec } from '../datasets/labelled.mjs';
import { accuracyRow, bootstrapRow, figure } from '../interval.mjs';
import { correlation } from '../metrics/correlation.mjs';

/** What each dataset asks of `fineTune`, and of the classifier that comes of it. */
const tasks = [
  { read: sst2, task: 'classification', most: 2000 },
  { read: trec, task: 'classification' },
  { read: cola, task: 'classification' },
  { read: sick, task: 'entailment' },
  { read: sick, task: 'similarity' },
];

const write = {
  classification: ({ texts: [text], label }) => ({ text, label }),
  entailment: ({ texts: [premise, hypothesis], label }) => ({ premise, hypothesis, label }),
  similarity: ({ texts: [a, b], relatedness }) => ({ a, b, value: relatedness }),
};

const ask = {
  classification: (classifier, { texts: [text] }) => classifier.classify(text),
  entailment: (classifier, { texts: [premise, hypothesis] }) => classifier.entail({ premise, hypothesis }),
  similarity: (classifier, { texts: [a, b] }) => classifier.similarity({ a, b }),
};

/** What `--method` may name: with the options of each, and how the classifier comes of it. */
const methods = {
  head: { options: {}, attach: (head, model) => head.attach(model) },
  lora: { options: { method: 'lora' }, attach: (adapter, model) => adapter.attach(model) },
  full: { options: { method: 'full' }, attach: ({ files }) => loadClassifier(files(), { backend: 'wasm' }) },
  'full-l3': {
    options: { method: 'full', objective: 'L3' },
    attach: ({ files }) => loadClassifier(files(), { backend: 'wasm' }),
  },
};

/** Where the body learns: all examples, and nothing kept of the run. */
const descent = { heldOut: 0, storage: false, backend: 'wasm', threads: 2 };

/** Trained here and judged by data that nobody saw: heads on a frozen body, or what `--method` names, of the tasks of `--only`. */
export async function evaluate({ model: source, backend, dtype, limit, method = 'head', only = '', ...options }) {
  const model = await loadModel(source, { backend, dtype, threads: 2 });
  const subject = `${method} on ${source ?? 'embedded'} ${model.backend} ${model.dtype}`;
  const rows = [];
  for (const { read, task, most } of tasks) {
    const { name, train, items } = read(options);
    if (!`${name}, ${task}`.includes(only)) continue;
    const examples = train()
      .slice(0, limit ?? most)
      .map(write[task]);
    const started = performance.now();
    const given = { task, ...methods[method].options, ...(method !== 'head' && descent) };
    const classifier = await methods[method].attach(await fineTune(model, examples, given), model);
    const seconds = (performance.now() - started) / 1000;
    const label = `${name}, ${task}, ${examples.length} examples`;
    rows.push(figure(label, subject, 'from call to classifier', 's', seconds));
    const answers = [];
    for (const item of items) answers.push((await ask[task](classifier, item))[0]);
    rows.push(...judge(label, subject, task, items, answers));
    if (method.startsWith('full')) await classifier.dispose();
  }
  await model.dispose();
  return rows;
}

function judge(label, subject, task, items, answers) {
  if (task === 'similarity') {
    const pairs = answers.map(({ score }, i) => [score, items[i].relatedness]);
    return [bootstrapRow(label, subject, 'Pearson correlation', '', pairs, correlation)];
  }
  const hits = answers.filter((answer, i) => answer.label === items[i].label).length;
  return [accuracyRow(label, subject, hits, items.length)];
}
