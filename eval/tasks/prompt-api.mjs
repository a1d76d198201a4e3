// The web-platform tests of the Prompt API, in Chromium, with gptlet's LanguageModel in the place of the browser's own.
import { figure } from '../interval.mjs';
import { runTests } from '../wpt/run-tests.mjs';

const folder = 'ai/language-model';

export async function evaluate({ file: wpt }) {
  if (!wpt) throw new Error('prompt-api needs --file FOLDER: a checkout of web-platform-tests/wpt');
  const results = await runTests(wpt, folder);
  console.log(table(results));
  const count = (status) => results.filter((each) => each.status === status).length;
  return ['pass', 'fail', 'timeout', 'not run', 'precondition failed'].map((status) =>
    figure('web-platform tests, Prompt API', 'gptlet', status, 'count', count(status), undefined, results.length),
  );
}

/** As docs/prompt-api.md has it: a row a file, and a row for each test in it that does not pass. */
function table(results) {
  const byFile = new Map();
  for (const result of results) byFile.set(result.file, [...(byFile.get(result.file) ?? []), result]);
  const rows = [...byFile].flatMap(([file, tests]) => {
    const passed = tests.filter(({ status }) => status === 'pass').length;
    const others = tests.filter(({ status }) => status !== 'pass');
    return [
      `| ${file.replace(/\.tentative.*/, '')} | ${passed} of ${tests.length} | |`,
      ...others.map(({ name, status, message }) => `| | ${status} | ${name}: ${message.replaceAll(/[|\s]+/g, ' ')} |`),
    ];
  });
  return ['| tests | pass | |', '|---|---|---|', ...rows].join('\n');
}
