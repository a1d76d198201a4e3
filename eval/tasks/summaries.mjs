import { loadModel } from '../../dist/index.js';
import { summarize } from '../../dist/prompting.js';
import { bootstrapRow } from '../interval.mjs';
import { mean } from '../metrics/mean.mjs';
import { rouge } from '../metrics/rouge.mjs';

/** ROUGE of summaries by "TL;DR:", as the GPT-2 paper makes them (section 3.6). Text i is generated with seed i. */
export async function evaluateSummaries(read, { model: source, backend, dtype, limit, ...options }) {
  const { name, items } = read(options);
  const model = await loadModel(source, { backend, dtype });
  const scores = [];
  for (const [seed, { text, summary }] of items.slice(0, limit).entries()) {
    const { sentences } = await summarize(model, { text, seed });
    scores.push(rouge(sentences, summary));
  }
  const subject = `${source ?? 'embedded'} ${model.backend} ${model.dtype}`;
  await model.dispose();
  const row = (metric, of) => bootstrapRow(name, subject, metric, 'share', scores.map(of), mean);
  return [
    row('ROUGE-1', ({ rouge1 }) => rouge1),
    row('ROUGE-2', ({ rouge2 }) => rouge2),
    row('ROUGE-L', ({ rougeL }) => rougeL),
    row('ROUGE, mean', ({ rouge1, rouge2, rougeL }) => (rouge1 + rouge2 + rougeL) / 3),
  ];
}
