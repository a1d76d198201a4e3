// Tokenizers of models that people run, with their own files: the same ids and texts as the hub's own JavaScript gives; how long one
// takes to be made, and what it then keeps in memory.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createTokenizer } from '../../dist/tokenizer.js';
import { figure } from '../interval.mjs';
import { compareStrings, hubTokenizer } from '../tokenizers/compare.mjs';
import { readVocabulary, versionOf, vocabularyNames } from '../tokenizers/vocabularies.mjs';

const folder = '.cache/tokenizers';
const hubVersion = JSON.parse(readFileSync('node_modules/@huggingface/tokenizers/package.json', 'utf8')).version;
const standard = 200_000;

/** `--model` names vocabularies, separated by commas; `--limit` is how many strings are compared for each; 0 for time and memory alone. */
export async function evaluate({ model, limit = standard }) {
  const names = model?.split(',') ?? vocabularyNames;
  const rows = [];
  for (const name of names) {
    const files = readVocabulary(name, folder);
    const subject = `gptlet, ${versionOf(name)}`;
    rows.push(...measureMaking(name, subject));
    if (limit === 0) continue;
    const tokenizer = await createTokenizer(files);
    const { differences, changed, newer } = compareStrings(tokenizer, hubTokenizer(files), files, limit, 1);
    console.log(`${name}: ${limit} strings, ${changed} of them without some of ${newer} characters`, differences);
    const case_ = `beside @huggingface/tokenizers ${hubVersion}`;
    rows.push(figure(case_, subject, 'strings compared', 'count', limit));
    for (const [what, count] of Object.entries(differences))
      rows.push(figure(case_, subject, `differences, ${what}`, 'count', count));
  }
  return rows;
}

/** In a process of its own, so that nothing else is in its memory. */
function measureMaking(name, subject) {
  const script = fileURLToPath(new URL('../tokenizers/measure-making.mjs', import.meta.url));
  const answer = execFileSync(process.execPath, ['--expose-gc', script, name, folder], { encoding: 'utf8' });
  const { times, kept, fileBytes } = JSON.parse(answer);
  const sorted = times.sort((a, b) => a - b);
  const range = [sorted[0], sorted.at(-1)];
  return [
    figure('making', subject, 'tokenizer.json', 'MB', fileBytes / 1e6),
    figure('making', subject, 'time', 'ms', sorted[sorted.length >> 1], range, sorted.length),
    figure('making', subject, 'memory kept beside the file', 'MB', kept / 1e6),
  ];
}
