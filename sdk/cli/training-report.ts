import type { Evaluation } from '../training/evaluation.ts';

/** What a training ends with, as far as a report goes. */
export interface Reported {
  readonly labels: readonly string[];
  readonly evaluation?: Evaluation;
  readonly warnings: readonly string[];
}

/** What is printed of a training: how good it is, what it takes for what, where it errs most. */
export function reportTraining({ evaluation, labels, warnings }: Reported, examples: readonly object[]): string {
  const lines = warnings.map((warning) => `warning: ${warning}`);
  if (!evaluation) return join([...lines, 'Nothing was held out: how good it is, nobody knows.']);
  const { mostWrong, confusion, examples: held, ...figures } = evaluation;
  lines.push(`held out: ${held} examples`);
  for (const [name, value] of Object.entries(figures)) lines.push(`  ${name.padEnd(16)}  ${Number(value).toFixed(4)}`);
  if (confusion) lines.push('', ...confusionTable(labels, confusion));
  if (mostWrong.length > 0) lines.push('', 'most wrong:');
  for (const { index, expected, predicted, score } of mostWrong)
    lines.push(`  ${expected} taken for ${predicted} (${score.toFixed(2)}): ${shorten(examples[index])}`);
  return join(lines);
}

/** Expected labels down, predicted ones across. */
function confusionTable(labels: readonly string[], confusion: readonly (readonly number[])[]): string[] {
  const rows = [['', ...labels], ...confusion.map((row, k) => [labels[k], ...row.map(String)])];
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows.map((row) => `  ${row.map((cell, column) => cell.padStart(widths[column])).join('  ')}`);
}

/** The texts of an example, on one line. */
function shorten(example: object): string {
  const texts = Object.values(example).filter((value) => typeof value === 'string');
  const line = texts.join(' / ').replace(/\s+/g, ' ');
  return line.length > 100 ? `${line.slice(0, 100)}…` : line;
}

const join = (lines: readonly string[]): string => `${lines.join('\n')}\n`;
