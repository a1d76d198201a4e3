// Figures of a GPU come from other machines, as files: they are recorded with that machine and its date, or not at all.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { machine } from '../../bench/machine.mjs';
import { recordMeasured } from '../../bench/measured.mjs';

const script = resolve('bench/gpu/record.mjs');
const row = { suite: 'gpu', case: '124M', subject: 'gptlet f16', metric: 'decode', unit: 'tokens/s' };
const figures = { median: 1003.24, min: 990, max: 1050, runs: 5 };
const run = { command: 'node bench/gpu/real-gpu.mjs', machine: 'some GPU, Node 20', date: '2026-01-02' };
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gptlet-results-'));
  mkdirSync(join(folder, 'docs'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Records a file in a folder of its own; gives the lines of figures. */
function record(content: unknown, ...args: string[]): string[] {
  writeFileSync(join(folder, 'results.json'), JSON.stringify(content));
  execFileSync(process.execPath, [script, 'results.json', ...args], { cwd: folder, stdio: 'pipe' });
  return readFileSync(join(folder, 'docs/measured.md'), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| gpu'));
}

test('a file that names its machine and date is recorded with them, whatever the options say', () => {
  const line =
    '| gpu | 124M | gptlet f16 | decode | 1003 | tokens/s | 6 % | 5 | `node bench/gpu/real-gpu.mjs` | 2026-01-02 | some GPU, Node 20 |';
  expect(record({ ...run, results: [{ ...row, ...figures }] })).toEqual([line]);
  expect(record({ ...run, results: [{ ...row, ...figures }] }, '--machine', 'another', '--date', '2027-01-01')).toEqual(
    [line],
  );
});

test('a file without them takes them from the options, and is refused while one is missing', () => {
  const bare = [{ ...row, ...figures }];
  expect(() => record(bare)).toThrow(/does not say its command/);
  const most = ['--command', 'node x.mjs', '--date', '2026-11-28'];
  expect(() => record(bare, ...most)).toThrow(/does not say its machine/);
  expect(() => record(bare, '--command', 'x', '--machine', 'y', '--date', 'today')).toThrow(/date of a run is like/);
  expect(record(bare, ...most, '--machine', 'NVIDIA X')).toEqual([expect.stringMatching(/2026-11-28 \| NVIDIA X \|$/)]);
});

test('sizes tried in turn and checks become figures', () => {
  const sweep = { dtype: 'f16', subject: 'context in 16', metric: 'prefill', unit: 'tokens/s', ...figures };
  const checks = [
    { name: 'a', found: 0, most: 1, ok: true },
    { name: 'b', found: 2, most: 1, ok: false },
  ];
  expect(record({ ...run, results: [sweep] })).toEqual([
    expect.stringContaining('| gpu | 124M f16, one size changed at a time | context in 16 | prefill | 1003 |'),
  ]);
  expect(record({ ...run, results: checks })).toContainEqual(
    expect.stringMatching(/\| checks that hold \| 1 \| of 2 \|/),
  );
});

test('what holds no figures is refused', () => {
  expect(() => record({ ...run, results: [] })).toThrow(/holds no results/);
  expect(() => record({ ...run, results: [{ ...row, median: 'fast' }] })).toThrow(/is no figure/);
});

test('a figure measured here names this machine, what its engine multiplies bytes with, and today', async () => {
  const path = join(folder, 'here.md');
  recordMeasured([{ ...row, ...figures }], 'npm run bench -- gpu', { path, where: await machine(false) });
  const today = new Date().toISOString().slice(0, 10);
  expect(readFileSync(path, 'utf8')).toMatch(
    new RegExp(`\\| ${today} \\| .* cores, (VNNI|no VNNI|ARM dot products), Node ${process.versions.node} \\|`),
  );
});
