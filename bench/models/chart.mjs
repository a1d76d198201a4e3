// Draws what docs/measured.md has of the decode speeds on the CPU as docs/models-speed.svg.
//
//   npm run bench -- models --record && node bench/models/chart.mjs
import { writeFileSync } from 'node:fs';
import { drawChart } from '../cpu/chart.mjs';
import { readMeasured } from '../measured.mjs';

const speeds = readMeasured('models').filter(
  ({ case: name, metric }) => metric === 'decode' && /\d threads?$/.test(name),
);
if (speeds.length === 0) throw new Error('Nothing is recorded yet: npm run bench -- models --record');
writeFileSync('docs/models-speed.svg', drawChart(speeds));
