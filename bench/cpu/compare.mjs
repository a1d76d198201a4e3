import { ratios, row } from '../row.mjs';
import { caseOf } from './measure.mjs';

/** How many times as fast, by metric. */
const speeds = {
  'prefill of 128 tokens': (ms) => 1000 / ms,
  'decode at position 128': (tokens) => tokens,
};

/** Of what was measured in one run, as `measure` gives it: gptlet against the best peer, q4 against q8, more threads against one. */
export function compare(measured) {
  const own = measured.filter(({ subject }) => subject.startsWith('gptlet'));
  const find = (dtype, threads) => own.find((each) => each.dtype === dtype && each.threads === threads);
  const rows = [];
  for (const metric in speeds) {
    const of = ({ figures }) => figures[metric].values.map(speeds[metric]);
    const add = (name, subject, one, other) =>
      rows.push(row('cpu', name, subject, metric, '×', ratios(of(one), of(other))));
    for (const each of own) {
      const { subject, dtype, threads } = each;
      const peer = measured
        .filter((other) => !own.includes(other) && other.threads === threads)
        .sort((a, b) => middle(of(b)) - middle(of(a)))[0];
      if (peer) add(caseOf(threads), `${subject} ÷ ${peer.subject}`, each, peer);
      const q8 = find('q8', threads);
      if (dtype === 'q4' && q8) add(caseOf(threads), 'gptlet q4 ÷ gptlet q8', each, q8);
      const alone = find(dtype, 1);
      if (threads > 1 && alone) add(caseOf(threads), `${subject} ÷ 1 thread`, each, alone);
    }
  }
  return rows;
}

const middle = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];
