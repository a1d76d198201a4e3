// How long JSON schemas take to open and masks to find, over GPT-2's vocabulary, beside XGrammar and transformers.js.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import ranks from 'js-tiktoken/ranks/gpt2';
import { compileConstraint } from '../../build/sdk/constraint/compile-constraint.js';
import { createTokenizer } from '../../build/sdk/tokenizer.js';
import { writeInstance } from '../../eval/schemas/instance-order.mjs';
import { WorkApart } from '../../eval/schemas/work-apart.mjs';
import { chosenFiles } from '../../eval/tasks/schemas.mjs';
import { importCompiled } from '../compile-testing.mjs';
import { installPeers } from '../cpu/peers/install.mjs';
import { schemas as ownSchemas } from './schemas.mjs';
import { subjects, versions } from './subjects.mjs';

const EOS = 50256;
/** Of each schema at most as many instances, of at most as many tokens. */
const [MAX_INSTANCES, MAX_TOKENS] = [2, 1000];

/**
 * @param {string[]} args `--file FOLDER` maskbench/data of guidance-ai/jsonschemabench, `--limit N` of its schemas (100),
 *   `--only TEXT` subjects whose name contains it
 */
export default async function run(args = []) {
  const value = (name, otherwise) => (args.includes(name) ? args[args.indexOf(name) + 1] : otherwise);
  const names = Object.keys(subjects).filter((name) => name.includes(value('--only', '')));
  const folder = resolve('.cache/bench-peers-constraint');
  mkdirSync(folder, { recursive: true });
  // Of transformers.js only this part is needed, not what it is a part for.
  writeFileSync(join(folder, '.npmrc'), 'legacy-peer-deps=true\n');
  if (names.some((name) => name !== 'gptlet')) installPeers(folder, versions);

  const { gpt2Files } = await importCompiled('tokenizer/testing/tiktoken-files.js');
  const files = gpt2Files(ranks);
  const tokenizer = await createTokenizer(files);
  const vocabulary = { tokens: [], names: [], eos: EOS };
  for (const [name, id] of Object.entries(JSON.parse(files['vocab.json']))) {
    vocabulary.names[id] = name;
    vocabulary.tokens[id] = tokenizer.decodeBytes([id]);
  }
  const tasks = tasksOf(value('--file'), Number(value('--limit', 100)), tokenizer);
  const workers = names.map(
    (name) =>
      new WorkApart(new URL('./worker.mjs', import.meta.url), {
        workerData: { name, vocabulary, folder },
        seconds: 20,
      }),
  );
  // Once without measuring: code that runs for the first time is slow.
  const warm = tasksOf(undefined, 0, tokenizer);
  for (const worker of workers) for (const task of warm) await worker.ask(task);
  const measured = [];
  for (const task of tasks) {
    const answers = [];
    for (const worker of workers) answers.push(await worker.ask(task));
    measured.push({ task, answers });
  }
  await Promise.all(workers.map((worker) => worker.close()));
  report(names, measured);
  return rowsOf(names, measured, value('--file') ? 'JSONSchemaBench' : 'own schemas');
}

/** Schemas with their instances as tokens, in the order of properties that gptlet takes and most others do. */
function tasksOf(folder, limit, tokenizer) {
  const listed = folder
    ? chosenFiles(folder, limit).map((name) => {
        const { schema, tests = [] } = JSON.parse(readFileSync(join(folder, name), 'utf8'));
        const [instances, wrong] = [true, false].map((asked) =>
          tests.filter(({ valid }) => valid === asked).map(({ data }) => data),
        );
        return { name, schema, instances, wrong };
      })
    : ownSchemas;
  return listed
    .map(({ name, schema, instances, wrong = [] }) => ({
      name,
      schema,
      // One is enough to tell, as it stands.
      wrong: wrong.slice(0, 1).map((instance) => [...tokenizer.encode(JSON.stringify(instance))]),
      instances: instances
        .slice(0, MAX_INSTANCES)
        .map((instance) => [...tokenizer.encode(ordered(schema, instance) ?? JSON.stringify(instance))])
        .filter((tokens) => tokens.length <= MAX_TOKENS),
    }))
    .filter(({ instances }) => instances.length > 0);
}

function ordered(schema, instance) {
  try {
    return writeInstance(compileConstraint({ jsonSchema: schema }).machine, instance).text;
  } catch {
    return undefined;
  }
}

const isTaken = ({ error, refused }) => error === undefined && refused === 0;

function report(names, measured) {
  for (const [i, name] of names.entries()) {
    const failed = measured.filter(({ answers }) => !isTaken(answers[i]));
    console.log(`\n${name}: ${failed.length} of ${measured.length} schemas not taken, or a right instance refused`);
    for (const { task, answers } of failed.slice(0, 10)) {
      console.log(`  ${task.name}: ${answers[i].error?.slice(0, 150) ?? `${answers[i].refused} instances refused`}`);
    }
  }
}

function rowsOf(names, measured, title) {
  const common = measured.filter(({ answers }) => answers.every(isTaken));
  const rows = [];
  for (const [i, subject] of names.entries()) {
    const own = measured.filter(({ answers }) => isTaken(answers[i]));
    rows.push(
      row(`${title}, ${measured.length} schemas`, subject, 'schemas taken, right instances too', 'count', own.length),
    );
    const answered = measured.filter(({ answers }) => answers[i].error === undefined);
    const sum = (of) => answered.reduce((total, each) => total + of(each), 0);
    rows.push(
      row(
        `${title}, those it opens`,
        subject,
        'wrong instances',
        'count',
        sum(({ task }) => task.wrong.length),
      ),
    );
    rows.push(
      row(
        `${title}, those it opens`,
        subject,
        'wrong instances let through',
        'count',
        sum(({ answers }) => answers[i].letIn),
      ),
    );
    const cases = [
      [`${title}, those it takes`, own],
      [`${title}, those all take`, common],
    ];
    for (const [name, these] of cases) {
      const times = (of) => these.flatMap(({ answers }) => answers[i][of]).sort((a, b) => a - b);
      for (const [metric, sorted] of [
        ['open (compile, first mask)', times('open')],
        ['mask', times('masks')],
      ]) {
        if (sorted.length === 0) continue;
        const at = (share) => sorted[Math.floor((sorted.length - 1) * share)];
        rows.push(row(name, subject, `${metric}, median`, 'ms', at(0.5), sorted.length));
        rows.push(row(name, subject, `${metric}, 99 of 100 below`, 'ms', at(0.99), sorted.length));
      }
    }
  }
  return rows;
}

function row(name, subject, metric, unit, value, runs = 1) {
  return { suite: 'constraint', case: name, subject, metric, unit, median: value, min: value, max: value, runs };
}
