// What people's schemas are worth under constrained decoding: MaskBench's (guidance-ai/jsonschemabench, maskbench/data), each with
// instances that its author calls valid or not.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { accuracyRow, figure } from '../interval.mjs';
import { addTo, kindOf, printKinds } from '../schemas/judge-schema.mjs';
import { WorkApart } from '../schemas/work-apart.mjs';

const CASE = 'JSONSchemaBench, every second schema';

/** Every second file in order, the others being for development; `limit` of them spread evenly. */
export function chosenFiles(folder, limit) {
  const files = readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .filter((_, i) => i % 2 === 0);
  const step = limit ? Math.max(1, Math.ceil(files.length / limit)) : 1;
  return files.filter((_, i) => i % step === 0);
}

export async function evaluate({ file: folder, limit }) {
  if (!folder) throw new Error('schemas needs --file FOLDER: maskbench/data of guidance-ai/jsonschemabench');
  const files = chosenFiles(folder, limit);
  const refused = new Map();
  const misjudged = new Map();
  const times = [];
  const count = {
    compiled: 0,
    withTests: 0,
    takenWithTests: 0,
    right: 0,
    valid: 0,
    invalid: 0,
    letIn: 0,
    refused: 0,
    gaveUp: 0,
  };
  const judge = new WorkApart(new URL('../schemas/judge-worker.mjs', import.meta.url));
  for (const name of files) {
    const { schema, tests = [] } = JSON.parse(readFileSync(join(folder, name), 'utf8'));
    const { ms, error, wrong } = await judge.ask({ schema, tests });
    if (ms !== undefined) times.push([ms, name]);
    if (tests.length > 0) count.withTests++;
    if (error) {
      addTo(refused, kindOf(error), `${name}: ${error.slice(0, 200)}`);
      continue;
    }
    count.compiled++;
    if (tests.length > 0) count.takenWithTests++;
    if (tests.length > 0 && wrong.length === 0) count.right++;
    count.valid += tests.filter(({ valid }) => valid).length;
    count.invalid += tests.filter(({ valid }) => !valid).length;
    for (const { valid, reason, gaveUp } of wrong) {
      count[valid ? 'refused' : 'letIn']++;
      if (gaveUp) count.gaveUp++;
      addTo(misjudged, kindOfMistake(valid, gaveUp), `${name}: ${reason}`);
    }
  }
  await judge.close();
  printKinds('Schemas that were not taken:', refused);
  printKinds('Instances that were judged wrong:', misjudged, 40);
  return rowsOf(count, times, files.length);
}

function kindOfMistake(valid, gaveUp) {
  if (!valid) return 'wrong instance let through';
  return gaveUp ? 'right instance refused, orders of properties left untried' : 'right instance refused';
}

function rowsOf(count, times, total) {
  times.sort(([a], [b]) => a - b);
  const slowest = times.slice(-5).reverse();
  console.log(`\nSlowest to compile: ${slowest.map(([ms, name]) => `${name} ${ms.toFixed(0)} ms`).join(', ')}`);
  const row = (metric, unit, value, runs = 1) => figure(CASE, 'gptlet', metric, unit, value, undefined, runs);
  return [
    accuracyRow(CASE, 'gptlet', count.compiled, total, 'schemas taken'),
    accuracyRow(CASE, 'gptlet', count.right, count.withTests, 'schemas with every instance judged right'),
    accuracyRow(CASE, 'gptlet', count.right, count.takenWithTests, 'those taken, with every instance judged right'),
    row('wrong instances', 'count', count.invalid),
    row('wrong instances let through', 'count', count.letIn),
    row('right instances', 'count', count.valid),
    row('right instances refused', 'count', count.refused),
    row('compile time, median', 'ms', times[times.length >> 1][0], total),
    row('compile time, 99 of 100 below', 'ms', times[Math.floor(times.length * 0.99)][0], total),
  ];
}
