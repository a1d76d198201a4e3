import { softmax } from '../loaded-model/softmax.ts';
import type { Word } from './words.ts';

/** A place in a text, and what it is. */
export interface Span {
  /** As `text.slice` takes them. */
  readonly start: number;
  readonly end: number;
  readonly label: string;
}

/** How sure a head is of one, 0 to 1: the mean over its words. */
export interface FoundSpan extends Span {
  readonly text: string;
  readonly score: number;
}

/**
 * Labels of words: `O` outside of all spans, `B-x` the first word of a span, `I-x` its others (Ramshaw and Marcus, 1995), as published
 * heads have them.
 */
export const spanLabels = (names: readonly string[]): string[] => [
  'O',
  ...names.flatMap((name) => [`B-${name}`, `I-${name}`]),
];

/** The label of every word. A span that begins or ends within a word has the whole word. */
export function labelsOfWords(words: readonly Word[], spans: readonly Span[]): string[] {
  const begun = new Set<Span>();
  return words.map(({ start, end }) => {
    const span = spans.find((each) => each.start < end && each.end > start);
    if (!span) return 'O';
    const isFirst = !begun.has(span);
    begun.add(span);
    return `${isFirst ? 'B' : 'I'}-${span.label}`;
  });
}

/**
 * The spans that logits of words say. A label without `B-` or `I-` counts as one that goes on while it is the same.
 *
 * @param logits of every word, in the order of `labels`
 */
export function spansOf(
  text: string,
  words: readonly Word[],
  logits: readonly ArrayLike<number>[],
  labels: readonly string[],
): FoundSpan[] {
  const found: { start: number; end: number; label: string; scores: number[] }[] = [];
  let open = false;
  for (const [i, { start, end }] of words.entries()) {
    const scores = softmax(logits[i]);
    const best = scores.indexOf(Math.max(...scores));
    const [, place, label] = /^(?:([BI])-)?(.*)$/s.exec(labels[best] ?? `LABEL_${best}`) as RegExpExecArray;
    const last = found.at(-1);
    if (label === 'O' && !place) open = false;
    else if (open && last?.label === label && place !== 'B') {
      last.end = end;
      last.scores.push(scores[best]);
    } else {
      found.push({ start, end, label, scores: [scores[best]] });
      open = true;
    }
  }
  return found.map(({ start, end, label, scores }) => ({
    start,
    end,
    label,
    text: text.slice(start, end),
    score: scores.reduce((sum, score) => sum + score, 0) / scores.length,
  }));
}
