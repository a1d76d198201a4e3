// What a visitor waits for on a page that completes a text with the embedded model, in Chromium, caches empty.
import { chromium } from '@playwright/test';
import { serve } from '../../scripts/serve.mjs';
import { findChromium } from '../../scripts/setup/chromium.mjs';
import { schemas } from './schemas.mjs';
import { measureStartUp } from './start-up.mjs';

const metrics = {
  'first token after navigation': ({ firstToken }) => firstToken,
  'scripts compiled and evaluated, clock': ({ script }) => script.clock,
  'scripts compiled and evaluated, processor': ({ script }) => script.processor,
  "longest task of the page's thread, clock": ({ longestTask }) => longestTask.clock,
  "longest task of the page's thread, processor": ({ longestTask }) => longestTask.processor,
  'longest gap between frames': ({ longestFrame }) => longestFrame,
};

/** Options of the generation. */
const cases = {
  'embedded model': { stopTokenIds: [] },
  ...Object.fromEntries(
    Object.entries(schemas).map(([name, jsonSchema]) => [
      `JSON schema of ${name}`,
      { maxNewTokens: 16, constraint: { jsonSchema } },
    ]),
  ),
};

/** @param {string[]} args `--rounds N` (9): loads, each in a context of its own */
export default async function run(args = []) {
  const at = args.indexOf('--rounds');
  const runs = at >= 0 ? Number(args[at + 1]) : 9;
  const site = await serve('.');
  const browser = await chromium.launch({ executablePath: findChromium(), args: ['--no-sandbox'] });
  const results = [];
  // The first one warms the disk and the browser, not the page.
  for (let i = -1; i < runs; i++) {
    for (const [name, options] of Object.entries(cases)) {
      const result = await measureStartUp(browser, site.url, options);
      if (i >= 0) results.push({ name, ...result });
    }
  }
  const version = browser.version().split('.')[0];
  await browser.close();
  await site.close();
  return Object.keys(cases).flatMap((name) =>
    Object.entries(metrics).map(([metric, value]) => {
      const values = results
        .filter((result) => result.name === name)
        .map(value)
        .sort((a, b) => a - b);
      return {
        suite: 'page',
        case: `${name}, Chromium ${version}`,
        subject: 'gptlet',
        metric,
        unit: 'ms',
        median: values[values.length >> 1],
        min: values[0],
        max: values.at(-1),
        runs,
      };
    }),
  );
}
