import { expect, test } from 'vitest';
import { countTests } from '../../scripts/checks/playwright.mjs';

const report = (...statuses: string[]) => ({
  suites: [
    {
      title: 'a.spec.ts',
      specs: [],
      suites: [{ title: 'b', specs: statuses.map((status, i) => ({ title: `test ${i}`, tests: [{ status }] })) }],
    },
  ],
});

test('a test that passed when repeated is named, and neither passed nor failed', () => {
  expect(countTests(report('expected', 'flaky', 'skipped', 'expected'), 0)).toEqual({
    passed: 2,
    failed: 0,
    skipped: ['a.spec.ts › b › test 2'],
    flaky: ['a.spec.ts › b › test 1'],
  });
});

test('failures count; so does a run that failed without one, or had no test or no report', () => {
  expect(countTests(report('expected', 'unexpected', 'unexpected'), 1)).toMatchObject({ passed: 1, failed: 2 });
  expect(countTests(report('expected'), 1)).toMatchObject({ passed: 1, failed: 1 });
  expect(countTests(report(), 0)).toMatchObject({ passed: 0, failed: 1 });
  expect(countTests(undefined, 0)).toMatchObject({ passed: 0, failed: 1 });
});

test('what a time limit ended or kept from starting has failed; what was to be skipped has not', () => {
  const tests = ['passed', 'skipped', 'passed'].map((expectedStatus) => ({ status: 'skipped', expectedStatus }));
  const specs = tests.map((each, i) => ({ title: `test ${i}`, tests: [each] }));
  expect(countTests({ suites: [{ title: 'a.spec.ts', specs }] }, 1)).toMatchObject({
    failed: 2,
    skipped: ['a.spec.ts › test 1'],
  });
});
