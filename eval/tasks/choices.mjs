import { loadClassifier } from '../../dist/heads.js';
import { loadModel } from '../../dist/index.js';
import { fewShot } from '../../dist/prompting.js';
import { accuracyRow, figure } from '../interval.mjs';
import { seeded, shuffled } from '../random.mjs';

/** GPT-3's ways to make likelihoods comparable: each from a score and the score without the question. */
const normalizations = {
  none: ({ logprob }) => logprob,
  tokens: ({ logprob, tokens }) => logprob / tokens.length,
  bytes: ({ logprob }, _, continuation) => logprob / Buffer.byteLength(continuation),
  unconditional: ({ logprob }, bare) => logprob - bare.logprob,
};

/** Accuracy of the likeliest answer, or of a multiple-choice head's. */
export async function evaluateChoices(read, options) {
  const dataset = read(options);
  const { solved = 0 } = options.shots > 0 ? dataset : {};
  const items = dataset.items.slice(solved).slice(0, options.limit);
  const chance = items.reduce((sum, item) => sum + 1 / (item.answers ?? item.pairs).length, 0) / items.length;
  const rows =
    options.how === 'head' ? await byHead(dataset, items, options) : await byLikelihood(dataset, items, options);
  return [...rows, figure(dataset.name, 'chance', 'accuracy', 'share', chance)];
}

async function byHead({ name }, items, { model: source, backend, dtype }) {
  const classifier = await loadClassifier(source, { backend, dtype });
  let hits = 0;
  for (const { question, context, answers, answer } of items) {
    const [best] = await classifier.choose({ context: question ?? context, answers });
    if (best.index === answer) hits++;
  }
  const subject = `${source} ${classifier.model.backend} ${classifier.model.dtype}`;
  await classifier.dispose();
  return [accuracyRow(name, subject, hits, items.length)];
}

async function byLikelihood(dataset, items, { model: source, backend, dtype, shots }) {
  const { name, prefixes } = dataset;
  const model = await loadModel(source, { backend, dtype });
  const examples = pickShots(dataset, shots);
  const solved = examples.map(({ question, answers, answer }) => ({ input: question, output: answers[answer] }));
  const told = examples.map(({ context, answers, answer }) => `${context} ${answers[answer]}\n`).join('');
  const hits = Object.fromEntries(Object.keys(normalizations).map((way) => [way, 0]));
  for (const { question, context, answers, pairs, answer, unconditional = 'Answer:' } of items) {
    const before = context
      ? told + context
      : question && fewShot(model, { examples: solved, query: question, prefixes }).prompt;
    const options = pairs ?? answers.map((text) => ({ context: before, continuation: ` ${text}` }));
    const scores = await model.scoreBatch(options);
    const bare = await model.scoreBatch(options.map(({ continuation }) => ({ context: unconditional, continuation })));
    for (const [way, value] of Object.entries(normalizations)) {
      const values = scores.map((score, i) => value(score, bare[i], options[i].continuation));
      if (values.indexOf(Math.max(...values)) === answer) hits[way]++;
    }
  }
  const subject = `${source ?? 'embedded'} ${model.backend} ${model.dtype}, ${shots} shots`;
  await model.dispose();
  return Object.entries(hits).map(([way, count]) =>
    accuracyRow(name, subject, count, items.length, way === 'none' ? 'accuracy' : `accuracy, normalised by ${way}`),
  );
}

function pickShots({ name, items, solved, train }, shots) {
  if (shots === 0) return [];
  const from = train?.() ?? items.slice(0, solved ?? 0);
  if (from.length === 0) throw new Error(`${name} has no training examples to take shots from.`);
  return shuffled(from, seeded(0)).slice(0, shots);
}
