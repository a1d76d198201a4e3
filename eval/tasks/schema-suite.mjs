// The official JSON Schema Test Suite's required part, judged by what the constraint of each schema takes.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { accuracyRow, figure } from '../interval.mjs';
import { addTo, judgeSchema, kindOf, printKinds } from '../schemas/judge-schema.mjs';

/** Draft → what its schemas have as `$schema`; where a test leaves it out, the folder says it. */
const DRAFTS = {
  'draft2020-12': 'https://json-schema.org/draft/2020-12/schema',
  draft7: 'http://json-schema.org/draft-07/schema#',
};

/** What cannot be right: references to what the suite does not bring along, and formats, which these tests want noted only. */
const ELSEWHERE = 'needs a document from elsewhere';
const FORMATS = 'asks that a format is not enforced';

export async function evaluate({ file: folder }) {
  if (!folder) throw new Error('schema-suite needs --file FOLDER: tests of json-schema-org/JSON-Schema-Test-Suite');
  const references = remotes(join(folder, '..', 'remotes'));
  return Object.entries(DRAFTS).flatMap(([draft, $schema]) => evaluateDraft(folder, draft, $schema, references));
}

/** The documents that tests refer to as if a server gave them. */
function remotes(folder) {
  if (!existsSync(folder)) return {};
  const names = readdirSync(folder, { recursive: true }).filter((name) => name.endsWith('.json'));
  return Object.fromEntries(
    names.map((name) => [
      `http://localhost:1234/${name.replaceAll('\\', '/')}`,
      JSON.parse(readFileSync(join(folder, name), 'utf8')),
    ]),
  );
}

function evaluateDraft(folder, draft, $schema, references) {
  const failures = new Map();
  let groups = 0;
  let right = 0;
  // Folders beside the files hold what an implementation may leave out.
  const files = readdirSync(join(folder, draft)).filter((name) => name.endsWith('.json'));
  for (const name of files) {
    for (const { description, schema, tests } of JSON.parse(readFileSync(join(folder, draft, name), 'utf8'))) {
      groups++;
      const { error, wrong } = judgeSchema(
        typeof schema === 'object' ? { $schema, ...schema } : schema,
        tests,
        references,
      );
      if (!error && wrong.length === 0) right++;
      else addTo(failures, reasonOf(name, error, wrong), `${name}: ${description}: ${error ?? listed(wrong)}`);
    }
  }
  printKinds(`${draft}: groups that fail`, failures, Infinity);
  const title = `JSON Schema Test Suite, ${draft}`;
  const counted = (reason) => figure(title, 'gptlet', `groups: ${reason}`, 'count', failures.get(reason)?.length ?? 0);
  return [accuracyRow(title, 'gptlet', right, groups, 'groups judged right'), counted(ELSEWHERE), counted(FORMATS)];
}

const listed = (wrong) => wrong.map(({ description, reason }) => `${description}: ${reason}`).join('; ');

function reasonOf(name, error, wrong) {
  if (error?.includes('points outside of the schema')) return ELSEWHERE;
  if (name === 'format.json') return FORMATS;
  if (error) return kindOf(error);
  const [valid, invalid] = [wrong.some((each) => each.valid), wrong.some((each) => !each.valid)];
  if (valid && invalid) return 'wrong instances let through, right ones refused';
  return valid ? 'right instances refused' : 'wrong instances let through';
}
