import type { Engine } from '../../sdk/backends/engine.ts';
import type { WebGpuEngine } from '../../sdk/backends/webgpu/index.ts';
import { randomNumbers } from './random-model.ts';

/** Largest absolute difference; NaN counts as infinite, and so does another length. */
export function maxDifference(a: ArrayLike<number> | undefined, b: ArrayLike<number> | undefined): number {
  if (!a || !b || a.length !== b.length) return Number.POSITIVE_INFINITY;
  let most = 0;
  for (let i = 0; i < a.length; i++) {
    const d = Math.abs(a[i] - b[i]);
    if (!(d <= most)) most = Number.isNaN(d) ? Number.POSITIVE_INFINITY : d;
  }
  return most;
}

/** Length of the difference over the length of `b`. */
export function relativeError(a: ArrayLike<number> | undefined, b: ArrayLike<number> | undefined): number {
  if (!a || !b || a.length !== b.length) return Number.POSITIVE_INFINITY;
  let [difference, size] = [0, 0];
  for (let i = 0; i < a.length; i++) {
    difference += (a[i] - b[i]) ** 2;
    size += b[i] ** 2;
  }
  return Math.sqrt(difference / size);
}

function argmax(values: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i] > values[best]) best = i;
  return best;
}

/** Greedy decoding one forward pass at a time. */
export async function greedy(engine: Engine, prompt: ArrayLike<number>, count: number): Promise<number[]> {
  let { logits } = await engine.forward(Uint32Array.from(prompt), 0);
  const tokens: number[] = [];
  while (tokens.length < count) {
    const next = argmax(logits as Float32Array);
    tokens.push(next);
    if (tokens.length === count) break;
    ({ logits } = await engine.forward(Uint32Array.of(next), prompt.length + tokens.length - 1));
  }
  return tokens;
}

/** The same, chosen on the GPU: many tokens a readback. `held`: the KV cache holds the prompt already. */
export async function greedyAhead(
  engine: WebGpuEngine,
  prompt: readonly number[],
  count: number,
  held = false,
): Promise<number[]> {
  const ids = Uint32Array.from(prompt);
  if (ids.length > 1 && !held) await engine.forward(ids.subarray(0, -1), 0, { logits: 'none' });
  const tokens: number[] = [];
  let last = ids[ids.length - 1];
  while (tokens.length < count) {
    const chosen = await engine.decodeGreedy(last, ids.length - 1 + tokens.length, Math.min(16, count - tokens.length));
    tokens.push(...chosen);
    last = chosen[chosen.length - 1];
  }
  return tokens;
}

/** The default of models/default. */
const temperature = 0.7;

/** Tokens drawn from the model at that temperature, from its end-of-text token (or 0) on. */
export async function sampleText(engine: Engine, count: number, seed: number): Promise<Uint32Array> {
  const random = randomNumbers(seed * 7919);
  const tokens = new Uint32Array(count);
  tokens[0] = engine.config.bosTokenId ?? engine.config.eosTokenIds[0] ?? 0;
  for (let t = 1; t < count; t++) {
    const logits = (await engine.forward(tokens.subarray(t - 1, t), t - 1)).logits as Float32Array;
    const most = logits.reduce((a, b) => Math.max(a, b));
    let rest = ((random() + 1) / 2) * logits.reduce((sum, value) => sum + Math.exp((value - most) / temperature), 0);
    while (tokens[t] < logits.length - 1 && (rest -= Math.exp((logits[tokens[t]] - most) / temperature)) > 0)
      tokens[t]++;
  }
  return tokens;
}

/** e to the mean negative log-probability of every token but the first of each text. */
export async function perplexity(engine: Engine, texts: readonly Uint32Array[]): Promise<number> {
  const V = engine.config.vocabSize;
  let [sum, count] = [0, 0];
  for (const tokens of texts) {
    const logits = (await engine.forward(tokens, 0, { logits: 'all' })).logits as Float32Array;
    for (let t = 1; t < tokens.length; t++) {
      const row = logits.subarray((t - 1) * V, t * V);
      const most = row.reduce((a, b) => Math.max(a, b));
      sum += most + Math.log(row.reduce((total, value) => total + Math.exp(value - most), 0)) - row[tokens[t]];
      count++;
    }
  }
  return Math.exp(sum / count);
}
