/** A line of a suite's table: the median of `values`, with the least and the most of them. */
export function row(suite, name, subject, metric, unit, values) {
  const sorted = [...values].sort((a, b) => a - b);
  const [median, min, max] = [sorted[sorted.length >> 1], sorted[0], sorted.at(-1)];
  return { suite, case: name, subject, metric, unit, median, min, max, runs: sorted.length };
}

/** Line by line, how many times as large: measured in turn, since other work on the machine slows both. */
export const ratios = (ones, others) => ones.map((one, round) => one / others[round]);
