import { rmSync } from 'node:fs';
import { readReport } from './read-report.mjs';
import { runNode } from './run-command.mjs';
import { timeLeft } from './time-limit.mjs';

const report = 'build/reports/playwright.json';

/** Browser tests against the built package. */
export async function runPlaywright(chromium) {
  rmSync(report, { force: true });
  const args = ['test', '--reporter=dot,json', `--global-timeout=${Math.round(timeLeft())}`];
  const code = await runNode('node_modules/@playwright/test/cli.js', args, {
    GPTLET_CHROMIUM: chromium,
    PLAYWRIGHT_JSON_OUTPUT_FILE: report,
  });
  return countTests(readReport(report), code);
}

/**
 * What a report of Playwright's and its exit code say: `flaky` names what failed once and passed when it was repeated. What the time
 * limit ended or kept from starting has failed, and its name is printed.
 */
export function countTests(report, code) {
  const tests = (report?.suites ?? []).flatMap((suite) => testsOf(suite, []));
  const named = (wanted) => tests.filter(({ status }) => status === wanted).map(({ name }) => name);
  const passed = named('expected').length;
  const late = named('late');
  for (const name of late) console.log(`not run to its end: ${name}`);
  const failed = named('unexpected').length + late.length;
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
    spec.tests.map((test) => ({ name: [...here, spec.title].join(' › '), status: statusOf(test) })),
  );
  return [...own, ...(suite.suites ?? []).flatMap((child) => testsOf(child, here))];
}

/** Playwright also calls skipped what it interrupted or never began. */
function statusOf({ status, expectedStatus }) {
  return status === 'skipped' && (expectedStatus ?? status) !== 'skipped' ? 'late' : status;
}
