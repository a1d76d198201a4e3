import { choiceMetric } from './rows-of.mjs';

/** Tasks that the embedded model is asked in every way at hand: `head` names a folder of `--heads`. */
export const everyWay = [
  { title: 'SST-2', task: 'sst2', shots: 6, metric: 'accuracy', way: 'calibrated', head: '' },
  { title: 'TREC', task: 'trec', shots: 6, metric: 'accuracy', way: 'calibrated', head: 'trec' },
  { title: 'CoLA', task: 'cola', shots: 6, metric: 'accuracy', way: 'calibrated', head: 'cola' },
  { title: 'SICK entailment', task: 'sick', shots: 6, metric: 'accuracy', way: 'calibrated', head: 'sick-entailment' },
  { title: 'COPA', task: 'copa', shots: 4, metric: choiceMetric },
  { title: 'ARC-Easy', task: 'arc', shots: 4, metric: choiceMetric, head: 'arc-easy' },
];
