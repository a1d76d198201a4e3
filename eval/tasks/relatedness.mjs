import { loadClassifier } from '../../dist/heads.js';
import { bootstrapRow } from '../interval.mjs';
import { correlation, rankCorrelation } from '../metrics/correlation.mjs';

/** Relatedness by a regression head over both orders of a pair: the correlations with what people said. */
export async function evaluateRelatedness(read, { model: source, backend, dtype, limit, ...options }) {
  if (!source) throw new Error('Relatedness needs --model: a checkpoint with a regression head.');
  const { name, items } = read(options);
  const classifier = await loadClassifier(source, { backend, dtype });
  const pairs = [];
  for (const { texts, relatedness } of items.slice(0, limit)) {
    const [{ score }] = await classifier.similarity({ a: texts[0], b: texts[1] });
    pairs.push([score, relatedness]);
  }
  const subject = `${source} ${classifier.model.backend} ${classifier.model.dtype}`;
  await classifier.dispose();
  const row = (metric, statistic) => bootstrapRow(name, subject, metric, '', pairs, statistic);
  return [
    row('Pearson correlation of relatedness', correlation),
    row('Spearman correlation of relatedness', rankCorrelation),
  ];
}
