import { schemas } from '../../bench/page/schemas.mjs';
import { measureStartUp } from '../../bench/page/start-up.mjs';
import { expect, test } from '../serving.ts';

test('a page stays responsive while the embedded model loads and streams', async ({ browser, site }) => {
  // Other tests run beside this one: the processor's time counts, and the best of three.
  const runs: Awaited<ReturnType<typeof measureStartUp>>[] = [];
  for (let i = 0; i < 3; i++) runs.push(await measureStartUp(browser, site.url));
  const best = (value: (run: (typeof runs)[number]) => number) => Math.min(...runs.map(value));
  expect(runs[0].parts).toBeGreaterThan(50);
  expect(
    best(({ script }) => script.processor),
    'scripts compiled and evaluated, ms',
  ).toBeLessThan(5);
  expect(
    best(({ longestTask }) => longestTask.processor),
    'longest task, ms',
  ).toBeLessThan(16);
  // One second on an idle machine (`npm run bench -- page`).
  expect(
    best(({ firstToken }) => firstToken),
    'first token, ms after navigation',
  ).toBeLessThan(4000);
});

test('a page stays responsive while a large JSON schema is compiled', async ({ browser, site }) => {
  const jsonSchema = schemas['ten such persons'];
  const runs: Awaited<ReturnType<typeof measureStartUp>>[] = [];
  for (let i = 0; i < 3; i++) {
    runs.push(await measureStartUp(browser, site.url, { maxNewTokens: 8, constraint: { jsonSchema } }));
  }
  expect(runs[0].parts).toBeGreaterThan(0);
  expect(Math.min(...runs.map(({ longestTask }) => longestTask.processor)), 'longest task, ms').toBeLessThan(16);
});
