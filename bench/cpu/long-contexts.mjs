// What a token costs in a long context, and how many times what it costs in a short one.
import { chromium } from '@playwright/test';
import { serve } from '../../scripts/serve.mjs';
import { findChromium } from '../../scripts/setup/chromium.mjs';

/** Rows of `rounds` rounds with contexts up to `longest`, in Chromium or in Node. */
export async function measureLongContexts({ dtypes, threads, rounds, longest, inNode }) {
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
  await page.goto(`${site.url}/bench/page/start.html`);
  await page.evaluate(
    async ([dtype, threads]) => {
      const { open } = await import('/bench/cpu/page/long-context.js');
      globalThis.measure = await open(dtype, threads);
    },
    [dtype, threads],
  );
  return {
    measure: (longest) => page.evaluate((longest) => globalThis.measure(longest), longest),
    async close() {
      await browser.close();
      await site.close();
    },
  };
}
