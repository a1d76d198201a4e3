// npm run eval -- <task> [options]: what a model is worth, measured by gptlet itself on the built package.
import { writeFileSync } from 'node:fs';
import { machine } from '../bench/machine.mjs';
import { recordMeasured } from '../bench/measured.mjs';
import { evaluateCommand, help, parseCommand } from './command.mjs';

const args = process.argv.slice(2);
const options = parseCommand(args);
if (options === undefined) {
  console.log(help);
  process.exit(args.includes('--help') ? 0 : 1);
}
// What is written down names no folder of this machine: training/'s $WORK stands for its own.
const { WORK } = process.env;
const withoutPlace = (text) => (WORK ? text.replaceAll(WORK, '$WORK') : text);
const measured = await evaluateCommand(options);
const rows = measured.map((row) => ({ ...row, subject: withoutPlace(row.subject) }));
console.table(
  rows.map(({ case: name, subject, metric, median, min, max, unit, runs }) => ({
    case: name,
    subject,
    metric,
    figure: median,
    from: min,
    to: max,
    unit,
    runs,
  })),
);
if (options.json) writeFileSync(options.json, `${JSON.stringify(rows, undefined, 2)}\n`);
if (options.record) {
  const command = `npm run eval -- ${withoutPlace(args.join(' ')).replace(' --record', '')}`;
  recordMeasured(rows, command, { where: await machine(false) });
}
