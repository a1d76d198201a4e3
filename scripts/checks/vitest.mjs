import { rmSync } from 'node:fs';
import { readReport } from './read-report.mjs';
import { runNode } from './run-command.mjs';

const report = 'build/reports/vitest.json';

/** Unit tests of the sources, and tests of the built package that need no browser. */
export async function runVitest() {
  rmSync(report, { force: true });
  const args = ['run', '--reporter=dot', '--reporter=json', `--outputFile.json=${report}`];
  const code = await runNode('node_modules/vitest/vitest.mjs', args);
  const { testResults } = readReport(report) ?? { testResults: [] };
  const tests = testResults.flatMap((file) => file.assertionResults);
  const withStatus = (...wanted) => tests.filter((test) => wanted.includes(test.status));
  const passed = withStatus('passed').length;
  // A file that cannot be loaded fails without a test in it.
  const brokenFiles = testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.length === 0,
  ).length;
  const failed = withStatus('failed').length + brokenFiles;
  return {
    passed,
    // Errors outside of tests show in the exit code only; no test at all is a failure as well.
    failed: failed === 0 && (code !== 0 || passed === 0) ? 1 : failed,
    skipped: withStatus('pending', 'skipped', 'todo').map((test) => test.fullName),
  };
}
