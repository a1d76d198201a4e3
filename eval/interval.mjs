import { seeded } from './random.mjs';

/** Wilson's 95 % interval of a share: `hits` of `total`. Holds for small counts and near 0 and 1, where ±2σ does not. */
export function wilson(hits, total, z = 1.96) {
  const share = hits / total;
  const middle = (share + (z * z) / (2 * total)) / (1 + (z * z) / total);
  const half = (z * Math.sqrt((share * (1 - share)) / total + (z * z) / (4 * total * total))) / (1 + (z * z) / total);
  return [Math.max(0, middle - half), Math.min(1, middle + half)];
}

/** A row of an accuracy, its interval in min and max. */
export function accuracyRow(name, subject, hits, total, metric = 'accuracy') {
  const [min, max] = wilson(hits, total);
  return figure(name, subject, metric, 'share', hits / total, [min, max], total);
}

/** A row of any figure of pairs, with the 95 % interval of 1,000 resamplings (Efron's percentile bootstrap). */
export function bootstrapRow(name, subject, metric, unit, pairs, statistic) {
  const random = seeded(1);
  const draw = () => Array.from(pairs, () => pairs[Math.floor(random() * pairs.length)]);
  const found = Array.from({ length: 1000 }, () => statistic(draw())).sort((a, b) => a - b);
  return figure(name, subject, metric, unit, statistic(pairs), [found[25], found[974]], pairs.length);
}

/** A row without an interval, or with one. */
export function figure(name, subject, metric, unit, value, [min, max] = [value, value], runs = 1) {
  return { suite: 'eval', case: name, subject, metric, unit, median: value, min, max, runs };
}
