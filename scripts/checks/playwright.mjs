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
  return countTests(readReport(report), code);
}

/** What a report of Playwright's and its exit code say: `flaky` names what failed once and passed when it was repeated. */
export function countTests(report, code) {
  const tests = (report?.suites ?? []).flatMap((suite) => testsOf(suite, []));
  const named = (wanted) => tests.filter(({ status }) => status === wanted).map(({ name }) => name);
  const passed = named('expected').length;
  const failed = named('unexpected').length;
  return {
    passed,
    failed: failed === 0 && (code !== 0 || passed === 0) ? 1 : failed,
    skipped: named('skipped'),
    flaky: named('flaky'),
  };
}

function testsOf(suite, path) {
  const here = [...path, suite.title];
  const own = (suite.specs ?? []).flatMap((spec) =>
    spec.tests.map((test) => ({ name: [...here, spec.title].join(' › '), status: test.status })),
  );
  return [...own, ...(suite.suites ?? []).flatMap((child) => testsOf(child, here))];
}
