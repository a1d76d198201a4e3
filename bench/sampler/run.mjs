// Time per sampled token at V = 50,257: gptlet's sampler, transformers.js's and a plain JavaScript sort, in turns, medians.
// The copy of the logits into the sampler's memory and the log-probability are in the time.

import { createSampler } from '../../build/sdk/sampler/create-sampler.js';
import { plainSample } from './plain-sampler.mjs';
import { transformersSampler, transformersVersion } from './transformers-sampler.mjs';

const VOCAB = 50257;
const cases = {
  'top-k 50 + top-p 0.95': { temperature: 0.8, topK: 50, topP: 0.95 },
  'top-p 0.95': { topP: 0.95 },
  'top-p 0.95, flat row': { topP: 0.95, flat: true },
  temperature: { temperature: 0.8 },
  greedy: { temperature: 0 },
};

/** Rows shaped like a language model's: a few likely tokens over a broad bulk; or nearly flat. */
function rows(count, flat) {
  return Array.from({ length: count }, () =>
    Float32Array.from({ length: VOCAB }, () => {
      const normal = Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random());
      return flat ? normal * 0.5 : normal * 2 + (Math.random() < 0.0005 ? 8 * Math.random() : 0);
    }),
  );
}

function summary(samples) {
  const sorted = samples.toSorted((a, b) => a - b);
  const round = (ms) => Number(ms.toFixed(4));
  return {
    median: round(sorted[sorted.length >> 1]),
    min: round(sorted[0]),
    max: round(sorted.at(-1)),
    runs: samples.length,
  };
}

/** @param {string[]} args `--runs N`: measured turns, each of 4 tokens (1 for the plain sort): short, so that a busy machine seldom cuts into one */
export default async function run(args = []) {
  const at = args.indexOf('--runs');
  const runs = at >= 0 ? Number(args[at + 1]) : 41;
  const peerSampler = await transformersSampler();
  const results = [];
  for (const [name, { flat, ...options }] of Object.entries(cases)) {
    const logits = rows(8, flat);
    const sampler = await createSampler({ ...options, seed: 1 });
    const peer = peerSampler(options);
    const subjects = {
      gptlet: { tokens: 4, next: (i) => sampler.next(logits[i % logits.length]).tokenId },
      [`transformers.js ${transformersVersion}`]: { tokens: 4, next: (i) => peer(logits[i % logits.length]) },
      'plain JavaScript sort': { tokens: 1, next: (i) => plainSample(logits[i % logits.length], options) },
    };
    const times = Object.fromEntries(Object.keys(subjects).map((subject) => [subject, []]));
    for (let turn = -3; turn < runs; turn++) {
      for (const [subject, { tokens, next }] of Object.entries(subjects)) {
        const start = performance.now();
        for (let i = 0; i < tokens; i++) await next(i);
        if (turn >= 0) times[subject].push((performance.now() - start) / tokens);
      }
    }
    for (const [subject, samples] of Object.entries(times)) {
      results.push({
        suite: 'sampler',
        case: name,
        subject,
        metric: 'time per token',
        unit: 'ms',
        ...summary(samples),
      });
    }
  }
  return results;
}
