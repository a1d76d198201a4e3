// Keeps docs/measured.md: one line a figure, written by the benchmark and evaluation commands (`--record`), never by hand.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

const file = 'docs/measured.md';
const head = [
  '# Measured',
  '',
  'Made by the commands in it, with `--record`; not typed. A figure is the median of its runs; noise is (max − min) ÷ median.',
  'A figure in × is how many times as fast the first is as the second, taken round by round.',
  '',
  'The machine of a row names its engine and whether that multiplies bytes in one instruction (VNNI, ARM dot products), as a probe',
  'in the engine finds it; of older rows it is not known. CONTRIBUTING.md lists the commands that measure the CPU.',
  '',
  '| suite | case | subject | metric | figure | unit | noise | runs | command | date | machine |',
  '|---|---|---|---|---|---|---|---|---|---|---|',
];

/**
 * Writes rows `{ suite, case, subject, metric, unit, median, min, max, runs }`, replacing older ones of the
 * same suite, case, subject and metric. `where` is what they depend on (machine.mjs), `date` is for runs made earlier.
 */
export function recordMeasured(rows, command, { path = file, where, date = new Date().toISOString().slice(0, 10) }) {
  const byKey = new Map(readLines(path).map((line) => [line.split(' | ').slice(0, 4).join(' | '), line]));
  for (const { suite, case: name, subject, metric, unit, median, min, max, runs } of rows) {
    const noise = runs > 1 && median ? `${((100 * (max - min)) / Math.abs(median)).toFixed(0)} %` : '';
    const key = `| ${suite} | ${name} | ${subject} | ${metric}`;
    byKey.set(key, `${key} | ${format(median)} | ${unit} | ${noise} | ${runs} | \`${command}\` | ${date} | ${where} |`);
  }
  writeFileSync(path, `${[...head, ...[...byKey.values()].sort()].join('\n')}\n`);
}

/** What is recorded of a suite: rows `{ case, subject, metric, median }`, in the file's order. */
export function readMeasured(suite, path = file) {
  return readLines(path)
    .map((line) => line.slice('| '.length).split(' | '))
    .filter(([own]) => own === suite)
    .map(([, name, subject, metric, figure]) => ({ case: name, subject, metric, median: Number(figure) }));
}

function readLines(path) {
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, 'utf8').split('\n');
  return lines.filter((line) => line.startsWith('| ')).slice(1);
}

function format(value) {
  return Number.isInteger(value) ? String(value) : Number(value.toPrecision(4)).toString();
}
