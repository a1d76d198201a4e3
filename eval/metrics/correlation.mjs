/** Pearson's correlation of `[a, b]` pairs; of 0s and 1s it is Matthews's. 0 where one side never changes. */
export function correlation(pairs) {
  const mean = (side) => pairs.reduce((sum, pair) => sum + pair[side], 0) / pairs.length;
  const [a, b] = [mean(0), mean(1)];
  let [product, aa, bb] = [0, 0, 0];
  for (const [x, y] of pairs) {
    product += (x - a) * (y - b);
    aa += (x - a) ** 2;
    bb += (y - b) ** 2;
  }
  return aa * bb === 0 ? 0 : product / Math.sqrt(aa * bb);
}

/** Spearman's: Pearson's of the ranks, equal values sharing the mean of theirs. */
export function rankCorrelation(pairs) {
  const [a, b] = [0, 1].map((side) => ranks(pairs.map((pair) => pair[side])));
  return correlation(a.map((rank, i) => [rank, b[i]]));
}

function ranks(values) {
  const order = values.map((_, i) => i).sort((i, j) => values[i] - values[j]);
  const result = new Array(values.length);
  for (let from = 0, to = 0; from < order.length; from = to) {
    while (to < order.length && values[order[to]] === values[order[from]]) to++;
    for (let at = from; at < to; at++) result[order[at]] = (from + to - 1) / 2;
  }
  return result;
}
