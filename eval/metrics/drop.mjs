// DROP's own scores (Dua et al., 2019, section 5): an answer is one or more spans, each compared as a bag of words.
import { normalizeAnswer } from './answer-overlap.mjs';

const decimal = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** A word as DROP compares it: numbers by their value, all others as SQuAD does. */
function normalizeWord(word) {
  if (decimal.test(word)) return String(Number(word));
  const plain = normalizeAnswer(word);
  return decimal.test(plain) ? String(Number(plain)) : plain;
}

const normalizeSpan = (text) =>
  text
    .split(/[\s-]/)
    .map(normalizeWord)
    .filter((word) => word !== '')
    .join(' ');

/** What a model says is one span, but where the reference has several, those between its commas. */
const spansOf = (answer, { length }) => (length > 1 ? answer.split(/,\s+/) : [answer]).map(normalizeSpan);

/** 1 where an answer's spans are those of one of the references, in any order, else 0. */
export function dropExactMatch(answer, references) {
  const same = (reference) => {
    const [ours, theirs] = [spansOf(answer, reference), reference.map(normalizeSpan)];
    const within = (spans, others) => spans.every((span) => others.includes(span));
    return ours.length === theirs.length && within(ours, theirs) && within(theirs, ours);
  };
  return Number(references.some(same));
}

/** F1 against the nearest of the references: of the pairs of spans that fit best, over as many as either side has. */
export function dropF1(answer, references) {
  return Math.max(
    ...references.map((reference) => {
      const [ours, theirs] = [spansOf(answer, reference), reference.map(normalizeSpan)].map((spans) => spans.map(bag));
      // The side with fewer spans in columns, whose sets are gone through.
      const scores =
        ours.length < theirs.length
          ? theirs.map((their) => ours.map((our) => bagF1(our, their)))
          : ours.map((our) => theirs.map((their) => bagF1(our, their)));
      // DROP's script rounds each answer's to two digits.
      return Math.round((100 * bestPairing(scores, scores[0].length)) / Math.max(ours.length, theirs.length)) / 100;
    }),
  );
}

const bag = (span) => new Set(span.split(' ').filter((word) => word !== ''));

/** Of words, each counted once. 0 where the reference has numbers and the answer none of them. */
function bagF1(ours, theirs) {
  const numbers = [...theirs].filter((word) => decimal.test(word));
  if (numbers.length > 0 && !numbers.some((number) => ours.has(number))) return 0;
  const shared = [...ours].filter((word) => theirs.has(word)).length;
  const precision = ours.size === 0 ? 1 : shared / ours.size;
  const recall = theirs.size === 0 ? 1 : shared / theirs.size;
  return precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall);
}

/** The greatest sum of scores with each row and each column taken once at most. `best` is by the set of columns taken. */
function bestPairing(scores, columns) {
  let best = new Map([[0, 0]]);
  for (const row of scores) {
    const next = new Map(best);
    for (const [taken, sum] of best) {
      for (let column = 0; column < columns; column++) {
        const more = taken | (1 << column);
        if (more !== taken) next.set(more, Math.max(next.get(more) ?? 0, sum + row[column]));
      }
    }
    best = next;
  }
  return Math.max(...best.values());
}
