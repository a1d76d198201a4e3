import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { evaluateClassifier } from './classification.mjs';

const perLabel = 2500;

/** IMDB: 5,000 labelled reviews that training keeps out: the first 2,500 of each label by SHA-256, as in training/tasks.py. */
export async function evaluate({ data, limit, ...options }) {
  const lines = gunzipSync(readFileSync(`${data}/finetune/imdb-train.jsonl.gz`))
    .toString('utf8')
    .trim()
    .split('\n');
  const byText = new Map(lines.map((line) => JSON.parse(line)).map(({ text, label }) => [text, label]));
  const hashed = [...byText].map(([text, label]) => ({
    text,
    label,
    hash: createHash('sha256').update(text).digest('hex'),
  }));
  hashed.sort((a, b) => (a.hash < b.hash ? -1 : 1));
  const held = [0, 1].flatMap((wanted) => hashed.filter(({ label }) => label === wanted).slice(0, perLabel));
  // With a limit, the same number of each label.
  const kept =
    limit === undefined ? held : [...held.slice(0, limit / 2), ...held.slice(perLabel, perLabel + limit / 2)];
  const examples = kept.map(({ text, label }) => ({ text, label: label === 1 ? 'positive' : 'negative' }));
  return evaluateClassifier('IMDB held out', examples, options);
}
