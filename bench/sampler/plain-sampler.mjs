// The sampler one would write in an afternoon: softmax, a sort of the whole row, top-k, top-p, a draw.

/** One token from a row of logits (V). */
export function plainSample(logits, { temperature = 1, topK = 0, topP = 1 }) {
  if (temperature === 0) {
    let best = 0;
    for (let id = 1; id < logits.length; id++) if (logits[id] > logits[best]) best = id;
    return best;
  }
  let order = Array.from(logits, (logit, id) => [logit / temperature, id]).sort((a, b) => b[0] - a[0]);
  if (topK > 0) order = order.slice(0, topK);
  const weights = order.map(([score]) => Math.exp(score - order[0][0]));
  let total = weights.reduce((a, b) => a + b, 0);
  if (topP < 1) {
    let sum = 0;
    let kept = 0;
    while (kept < weights.length && sum < topP * total) sum += weights[kept++];
    total = sum;
  }
  let target = Math.random() * total;
  let i = 0;
  while (i < order.length - 1 && (target -= weights[i]) > 0) i++;
  return order[i][1];
}
