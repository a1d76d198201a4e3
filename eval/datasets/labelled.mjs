// Texts with labels: what a head or a prompt is to say of them. `prompt` words a task for a language model: what stands
// before a text and before its answer, and each label as a word.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { jsonLines, needed } from './rows.mjs';

const lines = (data, path, encoding = 'utf8') =>
  readFileSync(`${data}/finetune/${path}`, encoding)
    .split('\n')
    .filter((line) => line.trim() !== '');

/** SST-2: the 872 whole sentences of the official dev set, lines of `label sentence`. */
export function sst2({ data }) {
  const read = (name) =>
    lines(data, `sst2/${name}`).map((line) => ({
      texts: [line.slice(2)],
      label: line[0] === '1' ? 'positive' : 'negative',
    }));
  return {
    name: 'SST-2 dev',
    labels: ['negative', 'positive'],
    train: () => read('sentences-train.txt'),
    items: read('sentences-dev.txt'),
    prompt: {
      prefixes: { input: 'Review: ', output: 'Sentiment:' },
      words: { negative: 'negative', positive: 'positive' },
    },
  };
}

/** TREC question types; there is no dev file, so every eleventh question is kept out, as in training/. */
export function trec({ data }) {
  const labels = ['description', 'entity', 'abbreviation', 'human', 'location', 'number'];
  const all = lines(data, 'trec/train.txt', 'latin1').map((line) => ({
    texts: [line.slice(2).trim()],
    label: labels[Number(line[0])],
  }));
  return {
    name: 'TREC held out',
    train: () => all.filter((_, i) => i % 11 !== 0),
    items: all.filter((_, i) => i % 11 === 0),
    prompt: {
      prefixes: { input: 'Question: ', output: 'The answer is a' },
      words: {
        description: 'description',
        entity: 'thing',
        abbreviation: 'abbreviation',
        human: 'person',
        location: 'place',
        number: 'number',
      },
    },
  };
}

/** CoLA: acceptable English or not, in-domain dev. Reported as Matthews's correlation, as GLUE does. */
export function cola({ data }) {
  const read = (name) =>
    lines(data, `cola/${name}`).map((line) => {
      const [, label, , sentence] = line.split('\t');
      return { texts: [sentence], label: label === '1' ? 'acceptable' : 'unacceptable' };
    });
  return {
    name: 'CoLA in-domain dev',
    train: () => read('in_domain_train.tsv'),
    items: read('in_domain_dev.tsv'),
    labels: ['unacceptable', 'acceptable'],
    positive: 'acceptable',
    metrics: ['Matthews correlation'],
    prompt: {
      prefixes: { input: 'Sentence: ', output: 'Grammar:' },
      words: { acceptable: 'right', unacceptable: 'wrong' },
    },
  };
}

/** SICK entailment, trial. */
export function sick({ data }) {
  const read = (name) =>
    lines(data, `sick/${name}`)
      .slice(1)
      .map((line) => {
        const [, premise, hypothesis, relatedness, judgment] = line.split('\t').map((field) => field.trim());
        return { texts: [premise, hypothesis], label: judgment, relatedness: Number(relatedness) };
      });
  return {
    name: 'SICK trial',
    train: () => read('train.txt'),
    items: read('trial.txt'),
    prompt: {
      prefixes: { input: '', output: 'True, false or unsure?' },
      words: { ENTAILMENT: 'true', CONTRADICTION: 'false', NEUTRAL: 'unsure' },
    },
  };
}

/** IMDB: 5,000 labelled reviews that training keeps out: the first 2,500 of each label by SHA-256, as in training/tasks.py. */
export function imdb({ data }) {
  const rows = gunzipSync(readFileSync(`${data}/finetune/imdb-train.jsonl.gz`))
    .toString('utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const hashed = [...new Map(rows.map(({ text, label }) => [text, label]))]
    .map(([text, label]) => ({ text, label, hash: createHash('sha256').update(text).digest('hex') }))
    .sort((a, b) => (a.hash < b.hash ? -1 : 1));
  const [negative, positive] = [0, 1].map((wanted) => hashed.filter(({ label }) => label === wanted));
  const example = ({ text, label }) => ({ texts: [text], label: label === 1 ? 'positive' : 'negative' });
  return {
    name: 'IMDB held out',
    train: () => [...negative.slice(2500), ...positive.slice(2500)].map(example),
    // In turns, so that a limit takes as many of each.
    items: negative.slice(0, 2500).flatMap((one, i) => [example(one), example(positive[i])]),
    prompt: {
      prefixes: { input: 'Review: ', output: 'Sentiment:' },
      words: { negative: 'negative', positive: 'positive' },
    },
  };
}

/** Any texts with labels, as JSON lines of `{ text, label }` or `{ premise, hypothesis, label }`. */
export function labels({ file }) {
  const path = needed(file, 'labels', 'JSON lines of { text, label } or { premise, hypothesis, label }');
  const items = jsonLines(path).map(({ text, premise, hypothesis, label }) => ({
    texts: text === undefined ? [premise, hypothesis] : [text],
    label: String(label),
  }));
  const words = Object.fromEntries(items.map(({ label }) => [label, label]));
  return { name: path.split('/').at(-1), items, prompt: { words } };
}
