// Counts are by expected label (rows) and predicted one (columns).
type Confusion = readonly (readonly number[])[];

const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);
const column = (confusion: Confusion, k: number): number => total(confusion.map((row) => row[k]));

/** F1 of each label, averaged over those that occur among the expected. */
export function macroF1(confusion: Confusion): number {
  const scores = confusion.flatMap((row, k) => {
    const expected = total(row);
    return expected === 0 ? [] : [(2 * row[k]) / (expected + column(confusion, k))];
  });
  return total(scores) / scores.length;
}

/** Matthews's correlation for any number of labels (Gorodkin, 2004). 0 where one side never changes. */
export function matthews(confusion: Confusion): number {
  const all = total(confusion.map(total));
  const right = total(confusion.map((row, k) => row[k]));
  const expected = confusion.map(total);
  const predicted = confusion.map((_, k) => column(confusion, k));
  const products = total(expected.map((count, k) => count * predicted[k]));
  const spread = (counts: readonly number[]): number => all ** 2 - total(counts.map((count) => count ** 2));
  const below = Math.sqrt(spread(expected) * spread(predicted));
  return below === 0 ? 0 : (right * all - products) / below;
}

/** Expected calibration error over ten equal steps of sureness (Guo et al., 2017), 0 to 1. */
export function calibrationError(answers: readonly { readonly score: number; readonly right: boolean }[]): number {
  const bins = Array.from({ length: 10 }, () => ({ score: 0, right: 0 }));
  for (const { score, right } of answers) {
    const bin = bins[Math.min(9, Math.floor(score * 10))];
    bin.score += score;
    bin.right += Number(right);
  }
  return total(bins.map(({ score, right }) => Math.abs(score - right))) / answers.length;
}

/** Pearson's correlation. 0 where one side never changes. */
export function correlation(a: readonly number[], b: readonly number[]): number {
  const [meanA, meanB] = [total(a) / a.length, total(b) / b.length];
  const product = total(a.map((value, i) => (value - meanA) * (b[i] - meanB)));
  const below = Math.sqrt(
    total(a.map((value) => (value - meanA) ** 2)) * total(b.map((value) => (value - meanB) ** 2)),
  );
  return below === 0 ? 0 : product / below;
}

/** The place of each value among all, from 0; equal ones share the mean of theirs. */
export function ranks(values: readonly number[]): number[] {
  const order = values.map((_, i) => i).sort((i, j) => values[i] - values[j]);
  const places: number[] = [];
  for (let first = 0, end = 0; first < order.length; first = end) {
    while (end < order.length && values[order[end]] === values[order[first]]) end++;
    for (let at = first; at < end; at++) places[order[at]] = (first + end - 1) / 2;
  }
  return places;
}
