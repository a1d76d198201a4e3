import { spansOf } from '../../heads/span-labels.ts';
import { softmax } from '../../loaded-model/softmax.ts';
import type { Evaluation, Mistake } from '../evaluation.ts';
import { macroF1 } from '../metrics.ts';
import type { TaskExamples } from '../task-examples.ts';
import type { SpanItems } from './span-items.ts';

/** Logits of an example's words. */
export interface SpanAnswer {
  readonly example: number;
  readonly logits: readonly Float32Array[];
}

/** How good a head that labels words is: of the words, and of whole spans, which count where both ends and the label are right. */
export function evaluateSpans(
  examples: readonly TaskExamples['tokens'][],
  { labels, words, targets }: SpanItems,
  answers: readonly SpanAnswer[],
  loss: number,
): Evaluation {
  const confusion = labels.map(() => labels.map(() => 0));
  const mistakes: Mistake[] = [];
  let [right, expected, found] = [0, 0, 0];
  for (const { example, logits } of answers) {
    logits.forEach((row, w) => {
      const scores = softmax(row);
      const at = scores.indexOf(Math.max(...scores));
      const wanted = targets[example][w];
      confusion[wanted][at]++;
      if (at !== wanted)
        mistakes.push({ index: example, expected: labels[wanted], predicted: labels[at], score: scores[at] });
    });
    const { text } = examples[example];
    const wanted = logits.map((_, w) => labels.map((__, k) => (k === targets[example][w] ? 1 : 0)));
    // What the labels of the words say, as a head without a fault would find it.
    const given = new Set(spansOf(text, words[example], wanted, labels).map(keyOf));
    const seen = spansOf(text, words[example], logits, labels).map(keyOf);
    expected += given.size;
    found += seen.length;
    right += seen.filter((key) => given.has(key)).length;
  }
  const total = confusion.flat().reduce((sum, count) => sum + count, 0);
  const ofLabel = confusion.map((row) => row.reduce((sum, count) => sum + count, 0));
  return {
    examples: answers.length,
    loss,
    accuracy: confusion.reduce((sum, row, k) => sum + row[k], 0) / total,
    mostFrequent: Math.max(...ofLabel) / total,
    macroF1: macroF1(confusion),
    spanF1: expected + found === 0 ? 1 : (2 * right) / (expected + found),
    confusion,
    mostWrong: mistakes.sort((a, b) => b.score - a.score).slice(0, 10),
  };
}

const keyOf = ({ start, end, label }: { start: number; end: number; label: string }): string =>
  `${start} ${end} ${label}`;
