import { loadModel } from '../../dist/index.js';
import { answerQuestion } from '../../dist/prompting.js';
import { bootstrapRow, figure } from '../interval.mjs';
import { exactMatch, leaveOneOut, overlapF1 } from '../metrics/answer-overlap.mjs';
import { mean } from '../metrics/mean.mjs';
import { pickShots, splitShots } from '../shots.mjs';

/** How SQuAD and CoQA compare; a dataset may have `scores` of its own. */
const usual = { 'exact match': exactMatch, F1: overlapF1 };

/** Exact match and word F1 of answers in free words, as the dataset defines them. */
export async function evaluateAnswers(read, options) {
  const { dataset, asked, pool } = splitShots(read, options);
  const { name, leaveOneOut: several, scores = usual } = dataset;
  const { model: source, backend, dtype, shots } = options;
  if (shots > 0 && asked[0]?.document !== undefined) {
    throw new Error(`${name} is asked without shots: each question comes with its own document.`);
  }
  const model = await loadModel(source, { backend, dtype });
  const examples = pickShots(pool, shots).map(({ question, references }) => ({ question, answer: references[0] }));
  const found = Object.keys(scores).map(() => []);
  let tooLong = 0;
  for (const { document, history = examples, question, references } of asked) {
    let answer = '';
    try {
      ({ answer } = await answerQuestion(model, { document, history, question }));
    } catch (error) {
      if (error.code !== 'CONTEXT_OVERFLOW') throw error;
      tooLong++;
    }
    for (const [i, score] of Object.values(scores).entries()) {
      found[i].push(several ? leaveOneOut(score, answer, references) : score(answer, references));
    }
  }
  const subject = `${source ?? 'embedded'} ${model.backend} ${model.dtype}, ${shots} shots`;
  await model.dispose();
  return [
    ...Object.keys(scores).map((metric, i) => bootstrapRow(name, subject, metric, 'share', found[i], mean)),
    figure(name, subject, 'too long for the context', 'count', tooLong),
  ];
}
