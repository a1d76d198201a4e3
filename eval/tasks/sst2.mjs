import { readFileSync } from 'node:fs';
import { evaluateClassifier } from './classification.mjs';

/** SST-2: the 872 whole sentences of the official dev set, lines of `label sentence`. */
export async function evaluate({ data, limit, ...options }) {
  const lines = readFileSync(`${data}/finetune/sst2/sentences-dev.txt`, 'utf8').trim().split('\n').slice(0, limit);
  const examples = lines.map((line) => ({ label: line[0] === '1' ? 'positive' : 'negative', text: line.slice(2) }));
  return evaluateClassifier('SST-2 dev', examples, options);
}
