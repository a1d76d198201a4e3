// Sentences a second of `classify` with the embedded classifier, against transformers.js with a DistilBERT of the same
// size (its own kind for this task), in Chromium on WebAssembly.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { chromium } from '@playwright/test';
import { serve } from '../../scripts/serve.mjs';
import { findChromium } from '../../scripts/setup/chromium.mjs';
import { installPeers } from '../cpu/peers/install.mjs';
import { ratios, row } from '../row.mjs';
import { writeDistilBert } from './distilbert-model.mjs';

const peerVersion = '4.3.2';
const peer = `transformers.js ${peerVersion}`;
const subjects = [
  ...['q8', 'f32'].map((dtype) => ({ subject: `gptlet ${dtype}`, page: 'gptlet.js', dtype })),
  { subject: `${peer} q8`, page: 'transformers.js', dtype: 'q8' },
  { subject: `${peer} f32`, page: 'transformers.js', dtype: 'fp32' },
];
const batch = 32;

/**
 * @param {string[]} args `--threads 1,2`, `--dtypes q8,f32`, `--rounds N` (5), `--seconds S` of one measurement (1). All take turns,
 *   every count of threads too: five minutes.
 */
export default async function run(args = []) {
  const value = (name, otherwise) => (args.includes(name) ? args[args.indexOf(name) + 1] : otherwise);
  const folder = mkdtempSync(join(tmpdir(), 'gptlet-bench-tasks-'));
  try {
    const words = prepare(folder);
    const counts = value('--threads', '1,2').split(',').map(Number);
    const dtypes = value('--dtypes', 'q8,f32').split(',');
    const task = { counts, dtypes, rounds: Number(value('--rounds', 5)), ms: 1000 * Number(value('--seconds', 1)) };
    return await measure(folder, words, task);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Everything that the pages fetch; returns words that are one token to both. */
function prepare(folder) {
  const cache = resolve('.cache/bench-peers-tasks');
  installPeers(cache, { '@huggingface/transformers': peerVersion });
  symlinkSync(join(cache, 'node_modules'), join(folder, 'peers'));
  for (const name of ['dist', 'bench']) symlinkSync(resolve(name), join(folder, name));
  const json = (name) => JSON.parse(readFileSync(`models/sentiment/${name}`, 'utf8'));
  const { n_layer: L, n_embd: C, n_head: NH, n_positions: nCtx } = json('config.json');
  const vocabulary = Object.keys(json('vocab.json'));
  const words = vocabulary.filter((token) => /^Ġ[a-z]{3,}$/.test(token)).map((token) => token.slice(1));
  mkdirSync(join(folder, 'models'));
  symlinkSync(resolve('models/sentiment'), join(folder, 'models/sentiment'));
  writeFileSync(join(folder, 'bench.html'), '<!doctype html><title>tasks</title>');
  // As many entries as the other has, so that the tables are of one size.
  const rest = Array.from({ length: vocabulary.length - words.length }, (_, i) => `##${i}`);
  const kinds = { f32: 'model.onnx', q8: 'model_quantized.onnx' };
  writeDistilBert(join(folder, 'models/distilbert'), { L, C, NH, nCtx }, [...words, ...rest], kinds);
  return words;
}

async function measure(folder, words, { counts, dtypes, rounds, ms }) {
  const site = await serve(folder);
  const open = async ({ page: script, dtype }, threads) => {
    const browser = await chromium.launch({ executablePath: findChromium(), args: ['--no-sandbox'] });
    const page = await browser.newPage();
    page.setDefaultTimeout(0);
    await page.goto(`${site.url}/bench.html`);
    const load = async ({ script, dtype, threads }) => {
      if (threads > 1 && !crossOriginIsolated) throw new Error('the page is not isolated, so there are no threads');
      const { load } = await import(`/bench/tasks/page/${script}`);
      globalThis.subject = await load({ dtype, threads });
    };
    await page.evaluate(load, { script, dtype, threads });
    return { page, close: () => browser.close() };
  };
  const opened = [];
  for (const threads of counts)
    for (const given of subjects.filter(({ subject }) => dtypes.some((dtype) => subject.endsWith(dtype))))
      opened.push({ ...given, threads, ...(await open(given, threads)) });
  const rows = [];
  // The start and extract tokens of one, [CLS] and [SEP] of the other, are two of each length.
  for (const length of [20, 200]) {
    const found = opened.map(({ subject, threads }) => ({ subject, threads, alone: [], together: [] }));
    for (let round = 0; round < rounds; round++) {
      const texts = Array.from({ length: batch }, (_, t) => sentence(words, length - 2, round * batch + t));
      for (const [i, { page }] of opened.entries()) {
        for (const how of ['alone', 'together']) {
          found[i][how].push(await page.evaluate(sentencesPerSecond, { how, texts, ms }));
        }
      }
    }
    rows.push(...toRows(`classify, ${length} tokens`, found));
  }
  const contexts = Array.from({ length: rounds * 8 }, (_, i) => sentence(words, 198, i));
  const answers = Array.from({ length: 4 }, (_, i) => sentence(words, 10, i + 1000));
  for (const { subject, threads, page } of opened) {
    if (subject.startsWith(peer)) continue;
    const costs = [];
    for (let round = 0; round < rounds; round++) {
      const some = contexts.slice(round * 8, round * 8 + 8);
      costs.push(await page.evaluate(([a, b]) => globalThis.subject.chooseCost(a, b), [some, answers]));
    }
    const name = withThreads('choose, 198 + 4 × 10 tokens', threads);
    rows.push(row('tasks', name, subject, 'choose ÷ one pass over context and answers', '×', costs));
  }
  await Promise.all(opened.map(({ close }) => close()));
  await site.close();
  return rows;
}

/** In the page: classifies the texts again and again for `ms`, after once to warm up. */
async function sentencesPerSecond({ how, texts, ms }) {
  await subject[how](texts.slice(0, 4));
  const start = performance.now();
  let count = 0;
  while (performance.now() - start < ms) {
    const some = how === 'alone' ? texts.slice(count % texts.length, (count % texts.length) + 4) : texts;
    await subject[how](some);
    count += some.length;
  }
  return (1000 * count) / (performance.now() - start);
}

/** What was found, and how many times as fast: q8 against the faster peer, and more threads against one. */
function toRows(length, found) {
  const metrics = { alone: 'one at a time', together: `${batch} in a batch` };
  const rows = [];
  for (const [how, metric] of Object.entries(metrics)) {
    const add = (threads, subject, unit, values) => {
      rows.push(row('tasks', withThreads(length, threads), subject, metric, unit, values));
      return rows.at(-1).median;
    };
    const medians = new Map(found.map((each) => [each, add(each.threads, each.subject, 'sentences/s', each[how])]));
    for (const each of found) {
      const { subject, threads } = each;
      if (subject.startsWith(peer)) continue;
      const theirs = found
        .filter((other) => other.subject.startsWith(peer) && other.threads === threads)
        .sort((a, b) => medians.get(b) - medians.get(a))[0];
      if (theirs && subject.endsWith('q8'))
        add(threads, `${subject} ÷ ${theirs.subject}`, '×', ratios(each[how], theirs[how]));
      const one = found.find((other) => other.subject === subject && other.threads === 1);
      if (one && threads > 1) add(threads, `${subject} ÷ 1 thread`, '×', ratios(each[how], one[how]));
    }
  }
  return rows;
}

const withThreads = (name, threads) => `${name}, ${threads} thread${threads > 1 ? 's' : ''}`;

/** As many words that are one token each, others for every `number`. */
function sentence(words, count, number) {
  return Array.from({ length: count }, (_, w) => words[(number * 104729 + w * 1299709) % words.length]).join(' ');
}
