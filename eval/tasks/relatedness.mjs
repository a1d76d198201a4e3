import { loadClassifier } from '../../dist/heads.js';
import { sick } from '../datasets/labelled.mjs';
import { bootstrapRow, correlation } from '../interval.mjs';

/** SICK relatedness by a regression head over both orders of a pair: Pearson's correlation with what people said. */
export async function evaluate({ model: source, backend, dtype, limit, ...options }) {
  if (!source) throw new Error('sick-relatedness needs --model: a checkpoint with a regression head.');
  const { name, test } = sick(options);
  const classifier = await loadClassifier(source, { backend, dtype });
  const pairs = [];
  for (const { texts, relatedness } of test.slice(0, limit)) {
    const [{ score }] = await classifier.similarity({ a: texts[0], b: texts[1] });
    pairs.push([score, relatedness]);
  }
  const subject = `${source} ${classifier.model.backend} ${classifier.model.dtype}`;
  await classifier.dispose();
  return [bootstrapRow(name, subject, 'Pearson correlation of relatedness', '', pairs, correlation)];
}
