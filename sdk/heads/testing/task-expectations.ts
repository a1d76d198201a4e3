import { readFileSync } from 'node:fs';
import type { LabelScore } from '../../loaded-model/classifier-tasks.ts';

/** Checkpoints of training/make_task_fixtures.py: a tokenizer, the paper's input tokens, a head of each kind. */
export const taskFixtures: readonly string[] = [
  'gpt2-entailment-classifier',
  'gpt1-entailment-classifier',
  'gpt-neo-multi-label-classifier',
  'gpt2-regression-classifier',
  'gpt2-double-heads-classifier',
];

interface Expected {
  readonly classify?: readonly { text: string; logits: number[] }[];
  readonly entail?: readonly { premise: string; hypothesis: string; logits: number[] }[];
  readonly similarity?: readonly { a: string; b: string; logits: number[] }[];
  readonly choose: readonly { context: string; question?: string; answers: string[]; logits: number[] }[];
}

/** What a classifier answered to everything in an {@link Expected}, in its order. */
export interface TaskAnswers {
  readonly classify: readonly LabelScore[][];
  readonly classifyBatch: readonly LabelScore[][];
  readonly entail: readonly LabelScore[][];
  readonly similarity: readonly LabelScore[][];
  readonly choose: readonly { index: number; score: number }[][];
}

export interface TaskFixture {
  readonly expected: Expected;
  /** Largest difference of any score from what the reference's logits say; infinite where an answer is missing. */
  largestError(answers: TaskAnswers): number;
}

export function readTaskFixture(name: string): TaskFixture {
  const read = (file: string) => JSON.parse(readFileSync(`fixtures/${name}/${file}`, 'utf8'));
  const expected = read('expected.json') as Expected;
  const config = read('config.json') as { id2label?: Record<string, string>; problem_type?: string };
  const labels = Object.values(config.id2label ?? {});
  // Scores are compared, so they are made of the logits by hand: the value, the sigmoid, or the softmax.
  const scoresOf = (logits: readonly number[]): number[] => {
    if (labels.length === 1) return [...logits];
    if (config.problem_type === 'multi_label_classification') return logits.map((logit) => 1 / (1 + Math.exp(-logit)));
    return shares(logits);
  };
  const apart = (answers: readonly (readonly number[])[], wanted: readonly (readonly number[])[]): number => {
    if (answers.length !== wanted.length) return Number.POSITIVE_INFINITY;
    const differences = answers.flatMap((scores, i) => wanted[i].map((score, j) => Math.abs(scores[j] - score)));
    return differences.some(Number.isNaN) ? Number.POSITIVE_INFINITY : Math.max(0, ...differences);
  };
  const byLabel = (answers: readonly LabelScore[][]): number[][] =>
    answers.map((answer) => labels.map((label) => answer.find((entry) => entry.label === label)?.score ?? Number.NaN));
  return {
    expected,
    largestError: (answers) => {
      const { classify = [], entail = [], similarity = [], choose } = expected;
      const of = (items: readonly { logits: number[] }[]) => items.map(({ logits }) => scoresOf(logits));
      const chosen = answers.choose.map((scores) => [...scores].sort((x, y) => x.index - y.index));
      return Math.max(
        apart(byLabel(answers.classify), of(classify)),
        apart(byLabel(answers.classifyBatch), of(classify)),
        apart(byLabel(answers.entail), of(entail)),
        apart(byLabel(answers.similarity), of(similarity)),
        apart(
          chosen.map((scores) => scores.map(({ score }) => score)),
          choose.map(({ logits }) => shares(logits)),
        ),
      );
    },
  };
}

function shares(logits: readonly number[]): number[] {
  const sum = logits.reduce((total, logit) => total + Math.exp(logit), 0);
  return logits.map((logit) => Math.exp(logit) / sum);
}
