// The models that ship, in Chromium: from opening a page to the default model's first token, nothing cached, and one
// sentence classified by the sentiment model once it is loaded.
import { resolve } from 'node:path';
import { chromium } from '@playwright/test';
import { serve } from '../../scripts/serve.mjs';
import { findChromium } from '../../scripts/setup/chromium.mjs';

const sentences = [
  'A warm, funny film with a wonderful cast.',
  'The plot is a mess and the jokes fall flat.',
  'I would watch it again tomorrow.',
  'Not bad at all, to be honest.',
  'Two hours that I will never get back, and I wanted them back after ten minutes.',
  'The young lead carries every scene, and the music does the rest of the work with grace.',
  'It wants to be clever, but it is only loud, long and very pleased with itself.',
  'Slow at first, then gripping, and in the last half hour so moving that nobody left the room.',
];

/** @param {string[]} args `--rounds N` (11) page loads, and as many rounds of all sentences; `--backend NAME` (wasm) */
export default async function run(args = []) {
  const value = (name, otherwise) => (args.includes(name) ? args[args.indexOf(name) + 1] : otherwise);
  const rounds = Number(value('--rounds', 11));
  const backend = value('--backend', 'wasm');
  const site = await serve(resolve('.'));
  const browser = await chromium.launch({ executablePath: findChromium(), args: ['--no-sandbox'] });
  try {
    const loads = [];
    for (let round = 0; round < rounds; round++) loads.push(await firstToken(browser, site.url, backend));
    const calls = await classifyTimes(browser, site.url, backend, rounds);
    return [
      row('default model', `gptlet ${backend}`, 'page load to first token', loads),
      row(`sentiment, ${sentences.length} sentences`, `gptlet ${backend}`, 'classify of one sentence', calls),
    ];
  } finally {
    await browser.close();
    await site.close();
  }
}

/** In a context of its own: no HTTP cache, no weight cache, no compiled code from before. */
async function firstToken(browser, url, backend) {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`${url}/bench/shipped/first-token.html?backend=${backend}`);
  const ms = await page.waitForFunction(() => globalThis.firstTokenMs, undefined, { polling: 50 });
  const result = await ms.jsonValue();
  await context.close();
  return result;
}

async function classifyTimes(browser, url, backend, rounds) {
  const page = await browser.newPage();
  await page.goto(`${url}/e2e/page/blank.html`);
  return page.evaluate(
    async ({ sentences, rounds, backend }) => {
      const { loadClassifier } = await import('/dist/heads.js');
      const classifier = await loadClassifier(undefined, { backend });
      const times = [];
      // The first round, which compiles, is not counted.
      for (let round = -1; round < rounds; round++) {
        for (const sentence of sentences) {
          const start = performance.now();
          await classifier.classify(sentence);
          if (round >= 0) times.push(performance.now() - start);
        }
      }
      await classifier.dispose();
      return times;
    },
    { sentences, rounds, backend },
  );
}

function row(name, subject, metric, values) {
  const sorted = values.sort((a, b) => a - b);
  const median = sorted[sorted.length >> 1];
  return {
    suite: 'shipped',
    case: name,
    subject,
    metric,
    unit: 'ms',
    median,
    min: sorted[0],
    max: sorted.at(-1),
    runs: sorted.length,
  };
}
