import { loadModel } from 'gptlet';
import { contextTokens, promptTokens, vocabSize } from './sizes.js';

/** At most so many rounds, and no further one after so long. */
const [mostRounds, roundsMs] = [5, 5000];

/**
 * @typedef {{ prefillTokensPerSecond: number, decodeTokensPerSecond: number, weightBytes: number, loadMs: number,
 *   threads: number | undefined, rounds: number }} Speeds
 */

/**
 * Loads a model and measures it: medians over the rounds, of a prompt that is new each time and an answer to it.
 *
 * @param {import('gptlet').ModelFiles} files
 * @param {import('./plan.js').Case} wanted
 * @param {{ signal: AbortSignal, onProgress: (what: string) => void }} watch
 * @returns {Promise<Speeds>}
 */
export async function measureModel(files, { backend, dtype, threads }, { signal, onProgress }) {
  const start = performance.now();
  const model = await loadModel(files, {
    backend,
    dtype,
    threads,
    contextLength: contextTokens,
    cache: false,
    signal,
    onProgress: ({ fraction }) => onProgress(`preparing, ${Math.round(fraction * 100)} %`),
  });
  try {
    const loadMs = performance.now() - start;
    /** @param {number} first @param {number} count */
    const answer = async (first, count) => {
      const options = { maxNewTokens: count, minNewTokens: count, temperature: 0, signal };
      const { timings, usage } = await model.generate(prompt(first), options);
      signal.throwIfAborted();
      if (usage.generatedTokens !== count || usage.cachedTokens > 0)
        throw new Error('The model knew the prompt already.');
      return { prefillMs: timings.prefillMs, decodeMs: timings.decodeMs / (count - 1) };
    };
    // Compiles what is compiled late, and tells how many tokens take about a second.
    onProgress('warming up');
    const { decodeMs: about } = await answer(0, 4);
    const count = Math.min(Math.max(Math.round(1000 / about), 8), contextTokens - promptTokens);
    const rounds = [];
    const begun = performance.now();
    while (rounds.length < mostRounds && (rounds.length === 0 || performance.now() - begun < roundsMs)) {
      onProgress(`round ${rounds.length + 1}`);
      rounds.push(await answer(rounds.length + 1, count));
    }
    return {
      prefillTokensPerSecond: (1000 * promptTokens) / median(rounds.map(({ prefillMs }) => prefillMs)),
      decodeTokensPerSecond: 1000 / median(rounds.map(({ decodeMs }) => decodeMs)),
      weightBytes: model.bytes.weights,
      loadMs,
      threads,
      rounds: rounds.length,
    };
  } finally {
    await model.dispose();
  }
}

/** Ids all over the vocabulary. Another first one, and nothing of the prompt before is of use. */
const prompt = (/** @type {number} */ first) =>
  Array.from({ length: promptTokens }, (_, i) => (first * 4099 + i * 7919) % vocabSize);

/** @param {number[]} values */
const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];
