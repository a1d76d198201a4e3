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

/** Heads trained here on a frozen body, judged by data that neither saw. */
export async function evaluate({ model: source, backend, dtype, limit, ...options }) {
  const model = await loadModel(source, { backend, dtype });
  const subject = `head on ${source ?? 'embedded'} ${model.backend} ${model.dtype}`;
  const rows = [];
  for (const { read, task, most } of tasks) {
    const { name, train, items } = read(options);
    const examples = train()
      .slice(0, limit ?? most)
      .map(write[task]);
    const started = performance.now();
    const head = await fineTune(model, examples, { task });
    const seconds = (performance.now() - started) / 1000;
    const label = `${name}, ${task}, ${examples.length} examples`;
    rows.push(figure(label, subject, 'from call to classifier', 's', seconds));
    const classifier = head.attach(model);
    const answers = [];
    for (const item of items) answers.push((await ask[task](classifier, item))[0]);
    rows.push(...judge(label, subject, task, items, answers));
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
