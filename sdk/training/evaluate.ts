import { softmax } from '../loaded-model/softmax.ts';
import type { Evaluation, Mistake } from './evaluation.ts';
import type { LabelledTexts } from './labelled-texts.ts';
import { calibrationError, correlation, macroF1, matthews, ranks } from './metrics.ts';

/** Logits of one held-out example, by its index among all. */
export interface Answer {
  readonly example: number;
  readonly logits: ArrayLike<number>;
}

const mostMistakes = 10;

/** @param loss mean over `answers` */
export function evaluate(data: LabelledTexts, answers: readonly Answer[], loss: number): Evaluation {
  const common = { examples: answers.length, loss };
  switch (data.kind) {
    case 'one label':
      return { ...common, ...judgeLabels(data, answers) };
    case 'labels':
      return { ...common, ...judgeLabelSets(data, answers) };
    case 'value':
      return { ...common, ...judgeValues(data, answers) };
    case 'answer':
      return { ...common, ...judgeAnswers(data, answers) };
  }
}

type Judged = Omit<Evaluation, 'examples' | 'loss'>;

/** The largest and its place, the first among equals. */
function best(values: readonly number[]): { readonly at: number; readonly value: number } {
  const value = Math.max(...values);
  return { at: values.indexOf(value), value };
}

const share = (answers: readonly unknown[], right: number): number => right / answers.length;

const worst = (mistakes: Mistake[]): Mistake[] => mistakes.sort((a, b) => b.score - a.score).slice(0, mostMistakes);

function judgeLabels({ labels, targets }: LabelledTexts, answers: readonly Answer[]): Judged {
  const confusion = labels.map(() => labels.map(() => 0));
  const sure: { readonly score: number; readonly right: boolean }[] = [];
  const mistakes: Mistake[] = [];
  for (const { example, logits } of answers) {
    const expected = targets[example] as number;
    const { at, value: score } = best(softmax(logits));
    confusion[expected][at]++;
    sure.push({ score, right: at === expected });
    if (at !== expected) mistakes.push({ index: example, expected: labels[expected], predicted: labels[at], score });
  }
  return {
    accuracy: share(answers, answers.length - mistakes.length),
    mostFrequent: share(answers, Math.max(...confusion.map((row) => row.reduce((sum, count) => sum + count, 0)))),
    macroF1: macroF1(confusion),
    matthews: matthews(confusion),
    confusion,
    calibrationError: calibrationError(sure),
    mostWrong: worst(mistakes),
  };
}

function judgeLabelSets({ labels, targets }: LabelledTexts, answers: readonly Answer[]): Judged {
  const perLabel = labels.map(() => [
    [0, 0],
    [0, 0],
  ]);
  const mistakes: Mistake[] = [];
  const sets = new Map<string, number>();
  for (const { example, logits } of answers) {
    const wanted = targets[example] as readonly number[];
    const set = wanted.join();
    sets.set(set, (sets.get(set) ?? 0) + 1);
    const given = Array.from(logits, (logit) => Number(logit > 0));
    given.forEach((value, k) => {
      perLabel[k][wanted[k]][value]++;
    });
    if (given.join() === set) continue;
    const gaps = Array.from(logits, (logit, k) => Math.abs(1 / (1 + Math.exp(-logit)) - wanted[k]));
    mistakes.push({
      index: example,
      expected: namesOf(labels, wanted),
      predicted: namesOf(labels, given),
      score: Math.max(...gaps),
    });
  }
  const occurring = perLabel.filter(([, [missed, found]]) => missed + found > 0);
  const scores = occurring.map(([[, wrong], [missed, found]]) => (2 * found) / (2 * found + wrong + missed));
  return {
    accuracy: share(answers, answers.length - mistakes.length),
    mostFrequent: share(answers, Math.max(...sets.values())),
    macroF1: scores.reduce((sum, score) => sum + score, 0) / Math.max(1, scores.length),
    mostWrong: worst(mistakes),
  };
}

const namesOf = (labels: readonly string[], set: readonly number[]): string =>
  labels.filter((_, k) => set[k] === 1).join(', ');

function judgeValues({ targets }: LabelledTexts, answers: readonly Answer[]): Judged {
  const expected = answers.map(({ example }) => targets[example] as number);
  const predicted = answers.map(({ logits }) => logits[0]);
  const mistakes = answers.map(({ example }, i) => ({
    index: example,
    expected: String(expected[i]),
    predicted: String(predicted[i]),
    score: Math.abs(predicted[i] - expected[i]),
  }));
  return {
    pearson: correlation(expected, predicted),
    spearman: correlation(ranks(expected), ranks(predicted)),
    mostWrong: worst(mistakes),
  };
}

function judgeAnswers({ targets }: LabelledTexts, answers: readonly Answer[]): Judged {
  const mistakes: Mistake[] = [];
  const places = new Map<number, number>();
  for (const { example, logits } of answers) {
    const expected = targets[example] as number;
    places.set(expected, (places.get(expected) ?? 0) + 1);
    const { at, value: score } = best(softmax(logits));
    if (at !== expected) mistakes.push({ index: example, expected: String(expected), predicted: String(at), score });
  }
  return {
    accuracy: share(answers, answers.length - mistakes.length),
    mostFrequent: share(answers, Math.max(...places.values())),
    mostWrong: worst(mistakes),
  };
}
