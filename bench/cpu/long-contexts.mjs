// npm run bench -- cpu --long-contexts: what a token costs in a long context, on the shape of Qwen2.5-0.5B, in Chromium.
import { chromium } from '@playwright/test';
import { serve } from '../../scripts/serve.mjs';
import { findChromium } from '../../scripts/setup/chromium.mjs';

/**
 * @param {string[]} args `--dtypes q8,q4` (q8), `--threads 1,2` (1), `--rounds N` (3), `--longest N` tokens (16384), `--node` instead of
 *   Chromium
 */
export async function measureLongContexts(args) {
  const value = (name, otherwise) => (args.includes(name) ? args[args.indexOf(name) + 1] : otherwise);
  const dtypes = value('--dtypes', 'q8').split(',');
  const rounds = Number(value('--rounds', 3));
  const longest = Number(value('--longest', 16384));
  const rows = [];
  for (const threads of value('--threads', '1').split(',').map(Number)) {
    rows.push(...(await measureThreads({ dtypes, threads, rounds, longest, inNode: args.includes('--node') })));
  }
  return rows;
}

async function measureThreads({ dtypes, threads, rounds, longest, inNode }) {
  const rows = [];
  for (const dtype of dtypes) {
    const values = new Map();
    const subject = inNode ? await openInNode(dtype, threads) : await openInChromium(dtype, threads);
    for (let round = 0; round < rounds; round++) {
      for (const [metric, value] of await subject.measure(longest)) {
        values.set(metric, [...(values.get(metric) ?? []), 1000 * value]);
      }
    }
    await subject.close();
    for (const [metric, list] of values) {
      const sorted = list.sort((a, b) => a - b);
      const name = `Qwen2.5-0.5B, a layer, ${threads} thread${threads > 1 ? 's' : ''}${inNode ? ', in Node' : ''}`;
      const spread = { median: sorted[sorted.length >> 1], min: sorted[0], max: sorted.at(-1), runs: sorted.length };
      rows.push({ suite: 'cpu', case: name, subject: `gptlet ${dtype}`, metric, unit: 'µs', ...spread });
    }
  }
  return rows;
}

async function openInNode(dtype, threads) {
  const { open } = await import('./page/long-context.js');
  return { measure: await open(dtype, threads), close: async () => {} };
}

async function openInChromium(dtype, threads) {
  const site = await serve('.');
  const browser = await chromium.launch({ executablePath: findChromium(), args: ['--no-sandbox'] });
  const page = await browser.newPage();
  page.setDefaultTimeout(0);
  // Any file will do: only its origin is needed.
  await page.goto(`${site.url}/package.json`);
  await page.evaluate(
    async ([script, dtype, threads]) => {
      const { open } = await import(`/bench/${script}`);
      globalThis.measure = await open(dtype, threads);
    },
    ['cpu/page/long-context.js', dtype, threads],
  );
  return {
    measure: (longest) => page.evaluate((longest) => globalThis.measure(longest), longest),
    async close() {
      await browser.close();
      await site.close();
    },
  };
}
