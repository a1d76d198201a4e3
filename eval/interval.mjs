/** Wilson's 95 % interval of a share: `hits` of `total`. Holds for small counts and near 0 and 1, where ±2σ does not. */
export function wilson(hits, total, z = 1.96) {
  const share = hits / total;
  const middle = (share + (z * z) / (2 * total)) / (1 + (z * z) / total);
  const half = (z * Math.sqrt((share * (1 - share)) / total + (z * z) / (4 * total * total))) / (1 + (z * z) / total);
  return [middle - half, middle + half];
}

/** A row of an accuracy, its interval in min and max. */
export function accuracyRow(name, subject, hits, total) {
  const [min, max] = wilson(hits, total);
  return {
    suite: 'eval',
    case: name,
    subject,
    metric: 'accuracy',
    unit: 'share',
    median: hits / total,
    min,
    max,
    runs: total,
  };
}
