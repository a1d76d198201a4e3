import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { evaluateCommand, parseCommand } from '../command.mjs';
import { writeRandomCheckpoint } from '../testing/random-checkpoint.mjs';
import { paperFigures } from './paper-figures.mjs';

// Every command that docs/papers.md names, over made-up data in the form and under the name in which the benchmark is handed
// out, by a model of random weights: what it reports cannot be good, but each must read its data and report.
const fixtures = 'eval/fixtures';
const folder = mkdtempSync(join(tmpdir(), 'gptlet-papers-'));
const models = {};
beforeAll(() => {
  models.language = writeRandomCheckpoint(join(folder, 'language'));
  models.regression = writeRandomCheckpoint(join(folder, 'regression'), ['relatedness']);
  // Without names, as many checkpoints come: labels are then known by their place.
  for (const count of [2, 3]) {
    const labels = Array.from({ length: count }, (_, i) => `LABEL_${i}`);
    models[count] = writeRandomCheckpoint(join(folder, String(count)), labels);
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

const classes = (command) => (/^nli .*(snli|multinli)/.test(command) ? 3 : 2);

/** The command as it stands, but for the model, where the data lie, and how many of them. */
function runnable(command) {
  const model = !command.includes('--how head')
    ? 'language'
    : command.startsWith('sts-b')
      ? 'regression'
      : classes(command);
  const args = command.split(' ').map((arg, i, all) => {
    if (['--file', '--reference', '--train'].includes(all[i - 1])) return `${fixtures}/${arg}`;
    if (all[i - 1] === '--model') return models[model];
    return all[i - 1] === '--shots' ? '1' : arg;
  });
  return parseCommand([...args, '--data', `${fixtures}/data`, '--dtype', 'f32', '--limit', '3']);
}

/** The metrics that a figure of the paper must find among the rows. */
function metricOf({ figure }) {
  if (figure.includes('Matthews')) return 'Matthews correlation';
  if (figure.includes('Pearson')) return 'Pearson correlation of relatedness';
  if (figure.includes('ROUGE')) return 'ROUGE-L';
  if (figure.includes('BLEU')) return 'BLEU';
  if (figure.includes('perplexity')) return /^perplexity/;
  if (/bits a/.test(figure)) return 'bits per byte';
  if (figure.includes('exact match')) return 'exact match';
  if (figure.includes('F1')) return /F1$/;
  return /^(accuracy|exact match)/;
}

describe('the command that docs/papers.md names for', () => {
  const rows = paperFigures.map((row) => [`${row.paper}, ${row.task}: ${row.command}`, row]);

  it.each(rows)('%s', async (_, row) => {
    const options = runnable(row.command);
    expect(options).toBeDefined();
    const found = (await evaluateCommand(options)).filter(({ metric }) => metric.match(metricOf(row)));
    expect(found.length).toBeGreaterThan(0);
    for (const { median, min, max, runs, unit } of found) {
      expect(runs).toBeGreaterThan(0);
      expect(Number.isFinite(median)).toBe(true);
      expect(min).toBeLessThanOrEqual(median + 1e-9);
      expect(max).toBeGreaterThanOrEqual(median - 1e-9);
      if (unit === 'share') expect(median >= 0 && median <= 1).toBe(true);
    }
  });
});
