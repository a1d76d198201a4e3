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
  const model = await loadModel(source, { backend, dtype });
  const examples = pickShots(pool, shots);
  const found = Object.keys(scores).map(() => []);
  let tooLong = 0;
  for (const { references, ...item } of asked) {
    const answer = await (item.document === undefined
      ? answerOf(model, item, examples)
      : answerAfter(model, item, examples));
    if (answer === undefined) tooLong++;
    for (const [i, score] of Object.values(scores).entries()) {
      found[i].push(several ? leaveOneOut(score, answer ?? '', references) : score(answer ?? '', references));
    }
  }
  const subject = `${source ?? 'embedded'} ${model.backend} ${model.dtype}, ${shots} shots`;
  await model.dispose();
  return [
    ...Object.keys(scores).map((metric, i) => bootstrapRow(name, subject, metric, 'share', found[i], mean)),
    figure(name, subject, 'too long for the context', 'count', tooLong),
  ];
}

const solvedTurn = ({ question, references: [first] }) => ({ question, answer: [first].flat().join(', ') });

/** The answer to a question, `undefined` where it does not fit the context. */
async function answerOf(model, { document, question, history }, examples = []) {
  try {
    const turns = history ?? examples.map(solvedTurn);
    return (await answerQuestion(model, { document, history: turns, question })).answer;
  } catch (error) {
    if (error.code !== 'CONTEXT_OVERFLOW') throw error;
  }
}

/** The same after solved examples with documents of their own, as many as fit before this one (its older turns give way). */
async function answerAfter(model, item, examples) {
  const told = examples.map(({ document, history = [], ...last }) => {
    const turns = [...history, solvedTurn(last)].map((turn) => `Q: ${turn.question}\nA: ${turn.answer}\n`);
    return `${document.trim()}\n\n${turns.join('')}\n`;
  });
  for (let count = told.length; count >= 0; count--) {
    const answer = await answerOf(model, { ...item, document: told.slice(0, count).join('') + item.document });
    if (answer !== undefined) return answer;
  }
}
