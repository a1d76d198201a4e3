import type { SamplingOptions } from '../sampling-options.ts';

/**
 * The distribution that the hub's processors leave, written plainly from their definitions, with sorts and in f64:
 * the slow twin of the sampler, for tests only.
 */
export function referenceDistribution(
  logits: ArrayLike<number>,
  history: readonly number[],
  options: SamplingOptions,
  promptLength = 0,
): number[] {
  let scores = referenceScores(Array.from(logits), history, options, promptLength);
  const { temperature = 1, topK = 0, topP = 1, minP = 0, typicalP = 1 } = options;
  if (temperature === 0) {
    const best = scores.indexOf(Math.max(...scores));
    return scores.map((_, id) => (id === best ? 1 : 0));
  }
  scores = scores.map((score) => score / temperature);
  if (topK > 0) {
    const kth = scores.toSorted((a, b) => b - a)[Math.min(topK, scores.length) - 1];
    scores = scores.map((score) => (score < kth ? -Infinity : score));
  }
  if (topP < 1) {
    const probabilities = softmax(scores);
    // Ascending and stable: of equals the lower id is dropped first.
    const order = ascending(scores);
    let sum = 0;
    for (const id of order.slice(0, -1)) {
      sum += probabilities[id];
      if (sum <= 1 - topP + 1e-12) scores[id] = -Infinity;
    }
  }
  if (minP > 0) {
    const probabilities = softmax(scores);
    const least = minP * Math.max(...probabilities);
    scores = scores.map((score, id) => (probabilities[id] < least ? -Infinity : score));
  }
  if (typicalP < 1) {
    const probabilities = softmax(scores);
    const entropy = -probabilities.reduce((sum, p) => (p > 0 ? sum + p * Math.log(p) : sum), 0);
    const distances = probabilities.map((p) => Math.abs(-Math.log(p) - entropy));
    let sum = 0;
    let limit = 0;
    for (const id of ascending(distances)) {
      limit = distances[id];
      sum += probabilities[id];
      if (sum >= typicalP) break;
    }
    scores = scores.map((score, id) => (distances[id] > limit + 1e-9 ? -Infinity : score));
  }
  return softmax(scores);
}

function referenceScores(
  scores: number[],
  history: readonly number[],
  options: SamplingOptions,
  promptLength: number,
): number[] {
  const { repetitionPenalty = 1, presencePenalty = 0, frequencyPenalty = 0, noRepeatNgramSize: n = 0 } = options;
  for (const [id, bias] of Object.entries(options.logitBias ?? {})) scores[Number(id)] += bias;
  for (const id of new Set(history)) {
    scores[id] = scores[id] < 0 ? scores[id] * repetitionPenalty : scores[id] / repetitionPenalty;
  }
  const generated = history.slice(promptLength);
  for (const id of new Set(generated)) {
    scores[id] -= presencePenalty + frequencyPenalty * generated.filter((other) => other === id).length;
  }
  if (n > 0) {
    const tail = history.slice(history.length - n + 1).join();
    for (let i = 0; i + n <= history.length; i++) {
      if (n === 1 || history.slice(i, i + n - 1).join() === tail) scores[history[i + n - 1]] = -Infinity;
    }
  }
  for (const id of options.bannedTokenIds ?? []) scores[id] = -Infinity;
  return scores;
}

function ascending(values: readonly number[]): number[] {
  return values.map((_, id) => id).sort((a, b) => values[a] - values[b]);
}

/** exp(score) over their sum. */
export function softmax(scores: readonly number[]): number[] {
  const top = Math.max(...scores);
  const weights = scores.map((score) => Math.exp(score - top));
  const total = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => weight / total);
}

/** n numbers of about a normal distribution with this deviation; the same for the same seed. */
export function gaussianLogits(n: number, deviation: number, seed: number): Float32Array {
  let state = seed >>> 0;
  const uniform = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state + 0.5) / 2 ** 32;
  };
  return Float32Array.from({ length: n }, () => {
    const radius = Math.sqrt(-2 * Math.log(uniform()));
    return deviation * radius * Math.cos(2 * Math.PI * uniform());
  });
}
