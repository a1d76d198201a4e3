// Writes what a run on another machine brought back into docs/measured.md, with that machine and its date.
//
//   node bench/gpu/record.mjs FILE... [--command TEXT] [--machine TEXT] [--date YYYY-MM-DD]
//
// FILE is what --json of real-gpu.mjs, sweep.mjs or check-real-gpu.mjs wrote. The options are for files that do not say it
// themselves (those made before 2026-11-29); they replace nothing.
import { parseArgs } from 'node:util';
import { recordMeasured } from '../measured.mjs';
import { readResults } from './results.mjs';

const text = { type: 'string' };
const { values, positionals } = parseArgs({
  options: { command: text, machine: text, date: text },
  allowPositionals: true,
});
if (positionals.length === 0) throw new Error('Name a file of results: node bench/gpu/record.mjs FILE');
for (const file of positionals) {
  const { run, rows } = readResults(file, values);
  recordMeasured(rows, run.command, { where: run.machine, date: run.date });
  console.log(`${file}: ${rows.length} figures of ${run.machine}, ${run.date}`);
}
