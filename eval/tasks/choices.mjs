import { loadClassifier } from '../../dist/heads.js';
import { loadModel } from '../../dist/index.js';
import { fewShot } from '../../dist/prompting.js';
import { accuracyRow, bootstrapRow, figure } from '../interval.mjs';
import { overlapF1 } from '../metrics/answer-overlap.mjs';
import { mean } from '../metrics/mean.mjs';
import { pickShots, splitShots } from '../shots.mjs';

/** GPT-3's ways to make likelihoods comparable: each from a score and the score without the question. */
const normalizations = {
  none: ({ logprob }) => logprob,
  tokens: ({ logprob, tokens }) => logprob / tokens.length,
  bytes: ({ logprob }, _, continuation) => logprob / Buffer.byteLength(continuation),
  unconditional: ({ logprob }, bare) => logprob - bare.logprob,
};

/** Accuracy of the likeliest answer, or of a multiple-choice head's. */
export async function evaluateChoices(read, options) {
  const { dataset, asked, pool } = splitShots(read, options);
  const chance = asked.reduce((sum, item) => sum + 1 / (item.answers ?? item.pairs).length, 0) / asked.length;
  const rows =
    options.how === 'head' ? await byHead(dataset, asked, options) : await byLikelihood(dataset, asked, pool, options);
  return [...rows, figure(dataset.name, 'chance', 'accuracy', 'share', chance)];
}

/** Accuracy of the chosen answers, and where they have `names`, the words' F1 with the nearest of the `references`. */
function judge(name, subject, items, indices, way = '') {
  const hits = items.filter(({ answer }, i) => [answer].flat().includes(indices[i])).length;
  const rows = [accuracyRow(name, subject, hits, items.length, `accuracy${way}`)];
  if (items.some(({ names }) => !names)) return rows;
  const scores = items.map(({ names, references }, i) => overlapF1(names[indices[i]], references));
  return [...rows, bootstrapRow(name, subject, `F1${way}`, 'share', scores, mean)];
}

async function byHead({ name }, items, { model: source, backend, dtype }) {
  const classifier = await loadClassifier(source, { backend, dtype });
  const chosen = [];
  for (const { question, context, asked, answers, pairs } of items) {
    const [best] = pairs
      ? await classifier.choose({ context: '', answers: pairs.map((pair) => pair.context + pair.continuation) })
      : await classifier.choose({ ...(asked ?? { context: question ?? context }), answers });
    chosen.push(best.index);
  }
  const subject = `${source} ${classifier.model.backend} ${classifier.model.dtype}`;
  await classifier.dispose();
  return judge(name, subject, items, chosen);
}

async function byLikelihood(dataset, items, pool, { model: source, backend, dtype, shots }) {
  const { name, prefixes } = dataset;
  const model = await loadModel(source, { backend, dtype });
  const examples = pickShots(pool, shots);
  const solved = examples.map(({ question, answers, answer }) => ({ input: question, output: answers?.[answer] }));
  const told = examples.map(toldOf).join('');
  const chosen = Object.fromEntries(Object.keys(normalizations).map((way) => [way, []]));
  for (const { question, context, answers, pairs, unconditional = 'Answer:' } of items) {
    const before = context
      ? told + context
      : question && fewShot(model, { examples: solved, query: question, prefixes }).prompt;
    const options = pairs
      ? pairs.map((pair) => ({ context: told + pair.context, continuation: pair.continuation }))
      : answers.map((text) => ({ context: before, continuation: ` ${text}` }));
    const scores = await model.scoreBatch(options);
    const bare = await model.scoreBatch(options.map(({ continuation }) => ({ context: unconditional, continuation })));
    for (const [way, value] of Object.entries(normalizations)) {
      const values = scores.map((score, i) => value(score, bare[i], options[i].continuation));
      chosen[way].push(values.indexOf(Math.max(...values)));
    }
  }
  const subject = `${source ?? 'embedded'} ${model.backend} ${model.dtype}, ${shots} shots`;
  await model.dispose();
  return Object.entries(chosen).flatMap(([way, indices]) =>
    judge(name, subject, items, indices, way === 'none' ? '' : `, normalised by ${way}`),
  );
}

/** A solved example without a form of its own: how the text goes on with the right answer, or the first of the right ones. */
function toldOf({ context, answers, pairs, answer }) {
  const [right] = [answer].flat();
  return pairs ? `${pairs[right].context}${pairs[right].continuation}\n\n` : `${context} ${answers[right]}\n`;
}
