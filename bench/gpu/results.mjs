// Results of a run on a GPU, as a file that says by which command, on which machine and when it was made.
import { readFileSync, writeFileSync } from 'node:fs';

/** The GPU, its driver, and Node: what a figure depends on and nothing that names a host. */
function gpuMachine({ vendor, architecture, device, description }) {
  const names = [device || [vendor, architecture].filter(Boolean).join(' '), description].filter(Boolean);
  return `${names.join(', ') || 'unknown GPU'}, Node ${process.versions.node}`;
}

/** Where and when a run is made: fields of its file. @param {GPUAdapterInfo} info */
export function describeRun(command, info) {
  return { command, machine: gpuMachine(info), date: new Date().toISOString().slice(0, 10) };
}

/** Writes `{ command, machine, date }` with the results. */
export function writeResults(file, run, results) {
  writeFileSync(file, `${JSON.stringify({ ...run, results }, undefined, 1)}\n`);
}

/**
 * Reads what {@link writeResults} wrote. `given` fills in what a file does not say of itself, and never replaces what it does.
 * @throws when command, machine or date of the run stay unknown: a figure without them is not recorded.
 */
export function readResults(file, given = {}) {
  const content = JSON.parse(readFileSync(file, 'utf8'));
  const { results, ...said } = Array.isArray(content) ? { results: content } : content;
  const run = { ...given, ...said };
  for (const field of ['command', 'machine', 'date']) {
    if (!run[field]) throw new Error(`${file} does not say its ${field}. Give it with --${field}.`);
  }
  if (!/^\d{4}-\d\d-\d\d$/.test(run.date)) throw new Error(`The date of a run is like 2026-11-28, not '${run.date}'.`);
  return { run, rows: rowsOf(results, file) };
}

/** Rows of docs/measured.md: as they are from real-gpu.mjs, completed from sweep.mjs, counted from check-real-gpu.mjs. */
function rowsOf(results, file) {
  if (!Array.isArray(results) || results.length === 0) throw new Error(`${file} holds no results.`);
  if (results.every(({ ok }) => typeof ok === 'boolean')) {
    const held = results.filter(({ ok }) => ok).length;
    const figures = { median: held, min: held, max: held, runs: 1 };
    return [
      {
        suite: 'gpu',
        case: 'against twins, PyTorch and the reference',
        subject: 'gptlet, Dawn',
        metric: 'checks that hold',
        unit: `of ${results.length}`,
        ...figures,
      },
    ];
  }
  const bad = results.find(({ metric, unit, median }) => !metric || !unit || typeof median !== 'number');
  if (bad) throw new Error(`${file} holds something that is no figure: ${JSON.stringify(bad)}`);
  return results.map(({ dtype, ...row }) => ({
    suite: 'gpu',
    case: `124M ${dtype}, one size changed at a time`,
    ...row,
  }));
}
