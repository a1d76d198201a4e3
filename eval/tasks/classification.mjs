import { loadClassifier } from '../../dist/heads.js';
import { accuracyRow } from '../interval.mjs';

/** Accuracy of a classifier on `{ text, label }` examples, and the median time of one text. */
export async function evaluateClassifier(name, examples, { model: source, dtype, backend }) {
  const classifier = await loadClassifier(source, { backend, dtype });
  const times = [];
  let hits = 0;
  for (const { text, label } of examples) {
    const started = performance.now();
    const [best] = await classifier.classify(text);
    times.push(performance.now() - started);
    if (best.label === label) hits++;
  }
  const subject = `${source ?? 'embedded sentiment'} ${classifier.model.backend} ${classifier.model.dtype}`;
  await classifier.dispose();
  times.sort((a, b) => a - b);
  const median = times[times.length >> 1];
  return [
    accuracyRow(name, subject, hits, examples.length),
    {
      suite: 'eval',
      case: name,
      subject,
      metric: 'time per text',
      unit: 'ms',
      median,
      min: times[0],
      max: times.at(-1),
      runs: times.length,
    },
  ];
}
