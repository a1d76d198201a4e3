// `npm test`: installs what is missing (a Chromium too, Firefox and WebKit where apt has them), builds, then lint, format, types, unused code, generated
// files, unit tests, package tests and browser tests. Ends with `N passed, N failed`, and names what was skipped or passed only
// when repeated (flaky). Works on a fresh clone:
// Node built-ins only until the dependencies are there.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureChromium } from './setup/chromium.mjs';
import { ensureDependencies } from './setup/dependencies.mjs';
import { ensureOtherEngines } from './setup/other-engines.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
process.chdir(root);
const total = { passed: 0, failed: 0, skipped: [], flaky: [] };

try {
  ensureDependencies(root);
  // Beside the build and the unit tests: only the browser tests, which come last, wait for it.
  const browsers = ensureChromium(root).then(async (chromium) => {
    await ensureOtherEngines();
    return chromium;
  });
  browsers.catch(() => {}); // told where it is awaited
  const { checkGeneratedFiles, runStaticChecks } = await import('./checks/static-checks.mjs');
  await count(checkGeneratedFiles);
  const { build } = await import('./build.mjs');
  await build(root);

  const { runVitest } = await import('./checks/vitest.mjs');
  const { runPlaywright } = await import('./checks/playwright.mjs');
  await count(runStaticChecks);
  await count(runVitest);
  const chromium = await browsers;
  await count(() => runPlaywright(chromium));
} catch (error) {
  // Whatever stops the run short (no Chromium, a build that fails) is a failure as well.
  console.error(error);
  total.failed++;
}

const counts = [`${total.passed} passed`, `${total.failed} failed`];
for (const kind of ['flaky', 'skipped']) {
  for (const name of total[kind]) console.log(`${kind}: ${name}`);
  if (total[kind].length > 0) counts.push(`${total[kind].length} ${kind}`);
}
console.log(counts.join(', '));
process.exitCode = total.failed > 0 ? 1 : 0;

async function count(check) {
  const start = performance.now();
  const { passed, failed, skipped, flaky = [] } = await check();
  total.passed += passed;
  total.failed += failed;
  total.skipped.push(...skipped);
  total.flaky.push(...flaky);
  console.log(`(${((performance.now() - start) / 1000).toFixed(0)} s)`);
}
