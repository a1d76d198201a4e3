import { rmSync } from 'node:fs';
import { readReport } from './read-report.mjs';
import { runNode } from './run-command.mjs';

const report = 'build/reports/playwright.json';

/** Browser tests against the built package. */
export async function runPlaywright(chromium) {
  rmSync(report, { force: true });
  const code = await runNode('node_modules/@playwright/test/cli.js', ['test', '--reporter=dot,json'], {
    GPTLET_CHROMIUM: chromium,
    PLAYWRIGHT_JSON_OUTPUT_FILE: report,
  });
  const { suites = [] } = readReport(report) ?? {};
  const tests = suites.flatMap((suite) => testsOf(suite, []));
  // 'flaky' passed on a repeat only; there are no repeats, so it cannot occur unless someone adds them.
  const passed = tests.filter((test) => test.status === 'expected').length;
  const failed = tests.filter((test) => test.status === 'unexpected' || test.status === 'flaky').length;
  return {
    passed,
    failed: failed === 0 && (code !== 0 || passed === 0) ? 1 : failed,
    skipped: tests.filter((test) => test.status === 'skipped').map((test) => test.name),
  };
}

function testsOf(suite, path) {
  const here = [...path, suite.title];
  const own = (suite.specs ?? []).flatMap((spec) =>
    spec.tests.map((test) => ({ name: [...here, spec.title].join(' › '), status: test.status })),
  );
  return [...own, ...(suite.suites ?? []).flatMap((child) => testsOf(child, here))];
}
