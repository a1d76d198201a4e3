import { loadClassifier } from '../../dist/heads.js';
import { loadModel } from '../../dist/index.js';
import { fewShot, rank } from '../../dist/prompting.js';
import { accuracyRow, bootstrapRow, figure } from '../interval.mjs';
import { correlation } from '../metrics/correlation.mjs';
import { f1, macroF1 } from '../metrics/f1.mjs';
import { pickBalanced, splitShots } from '../shots.mjs';

/**
 * Accuracy on texts with labels, by a fine-tuned head or by a prompt without or with solved examples. Of texts
 * in groups (by `group`, one object for each) also the share of groups with every label right.
 */
export async function evaluateLabelled(read, options) {
  const { dataset, asked: examples, pool } = splitShots(read, options);
  const found =
    options.how === 'head'
      ? await byHead(dataset, examples, options)
      : await byPrompt(dataset, examples, pool, options);
  const rows = found.flatMap((one) => judge(dataset, examples, one));
  const labels = examples.map(({ label }) => label);
  const most = Math.max(...[...new Set(labels)].map((label) => labels.filter((other) => other === label).length));
  return [...rows, figure(dataset.name, 'most frequent label', 'accuracy', 'share', most / labels.length)];
}

/** Figures of a label that matters more than the other, from pairs of 0s and 1s. */
const statistics = { 'Matthews correlation': correlation, F1: f1 };

function judge({ name, positive, metrics = [], macro }, examples, { subject, answers, times }) {
  const hits = answers.filter((answer, i) => answer === examples[i].label).length;
  const rows = [accuracyRow(name, subject, hits, examples.length)];
  const pairs = answers.map((answer, i) => [answer, examples[i].label]);
  for (const metric of metrics) {
    const ones = pairs.map((pair) => pair.map((label) => Number(label === positive)));
    rows.push(bootstrapRow(name, subject, metric, '', ones, statistics[metric]));
  }
  const groups = new Map();
  for (const [i, { group, label }] of examples.entries()) {
    if (group) groups.set(group, (groups.get(group) ?? true) && answers[i] === label);
  }
  if (groups.size > 0) {
    const right = [...groups.values()].filter(Boolean).length;
    rows.push(accuracyRow(name, subject, right, groups.size, 'exact match'));
  }
  if (macro) rows.push(bootstrapRow(name, subject, 'macro F1', '', pairs, macroF1));
  if (times) {
    const [median, range] = [times[times.length >> 1], [times[0], times.at(-1)]];
    rows.push(figure(name, subject, 'time per text', 'ms', median, range, times.length));
  }
  return rows;
}

async function byHead({ labels, symmetric }, examples, { model: source, backend, dtype }) {
  const classifier = await loadClassifier(source, { backend, dtype });
  const [answers, times] = [[], []];
  for (const { texts } of examples) {
    const [first, second] = texts;
    const started = performance.now();
    const [best] = await (second === undefined
      ? classifier.classify(first)
      : symmetric
        ? classifier.similarity({ a: first, b: second })
        : classifier.entail({ premise: first, hypothesis: second }));
    times.push(performance.now() - started);
    answers.push(datasetLabel(best.label, labels));
  }
  const subject = `${source ?? 'embedded sentiment'} ${classifier.model.backend} ${classifier.model.dtype}`;
  await classifier.dispose();
  return [{ subject, answers, times: times.sort((a, b) => a - b) }];
}

/** A head's label in the data's spelling; of checkpoints without names (LABEL_1) the one at that place. */
function datasetLabel(label, labels = []) {
  const place = /^LABEL_(\d+)$/.exec(label)?.[1];
  return place === undefined
    ? (labels.find((one) => one.toLowerCase() === label.toLowerCase()) ?? label)
    : labels[place];
}

/** The likeliest label after the prompt, as it is and calibrated by the same prompt with an empty text. */
async function byPrompt({ prompt }, examples, pool, { model: source, backend, dtype, shots }) {
  const model = await loadModel(source, { backend, dtype });
  const { prefixes, words, write = (texts) => texts.join('\n') } = prompt;
  const labels = Object.keys(words);
  const chosen = pickBalanced(pool, labels, shots);
  const solved = chosen.map(({ texts, label }) => ({ input: write(texts), output: words[label] }));
  const build = (query) =>
    fewShot(model, { examples: solved, query, prefixes, balance: true, reserveTokens: 8 }).prompt;
  const candidates = labels.map((label) => ` ${words[label]}`);
  const answers = { plain: [], calibrated: [] };
  for (const { texts } of examples) {
    const context = build(write(texts));
    const ranked = await rank(model, {
      context,
      candidates,
      normalize: 'unconditional',
      unconditionalContext: build(''),
    });
    answers.calibrated.push(labels[ranked[0].index]);
    answers.plain.push(labels[ranked.reduce((best, one) => (one.logprob > best.logprob ? one : best)).index]);
  }
  const subject = `${source ?? 'embedded'} ${model.backend} ${model.dtype}, ${shots} shots`;
  await model.dispose();
  return Object.entries(answers).map(([way, found]) => ({ subject: `${subject}, ${way}`, answers: found }));
}
