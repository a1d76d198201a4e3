import { rowsOf } from './rows-of.mjs';

/** GPT (2018): a fine-tuned head for each task. */
export const gptFigures = rowsOf('GPT', 'CHECKPOINT --how head', [
  [
    'table 2',
    'SNLI',
    '89.9 %',
    'nli --file snli_1.0_test.jsonl',
    { task: 'sick', metric: 'accuracy', way: 'calibrated', head: 'sick-entailment' },
  ],
  ['table 2', 'MNLI matched', '82.1 %', 'nli --file multinli_1.0_dev_matched.jsonl'],
  ['table 2', 'MNLI mismatched', '81.4 %', 'nli --file multinli_1.0_dev_mismatched.jsonl'],
  ['table 2', 'SciTail', '88.3 %', 'nli --file scitail_1.0_test.jsonl'],
  ['table 2', 'QNLI', '88.1 %', 'nli --file QNLI/dev.tsv'],
  ['table 2', 'RTE', '56.0 %', 'nli --file RTE/dev.tsv'],
  ['table 3', 'Story Cloze', '86.5 %', 'story-cloze --file cloze_test_test__spring2016.csv'],
  ['table 3', 'RACE middle', '62.9 %', 'race --file RACE/test/middle'],
  ['table 3', 'RACE high', '57.4 %', 'race --file RACE/test/high'],
  ['table 3', 'RACE', '59.0 %', 'race --file RACE/test'],
  [
    'table 4',
    'CoLA',
    '45.4 (Matthews, × 100)',
    'cola',
    { task: 'cola', metric: 'Matthews correlation', way: 'calibrated', head: 'cola' },
  ],
  ['table 4', 'SST-2', '91.3 %', 'sst2', { task: 'sst2', how: 'head', metric: 'accuracy' }],
  ['table 4', 'MRPC', '82.3 (F1)', 'mrpc --file msr_paraphrase_test.txt'],
  [
    'table 4',
    'STS-B',
    '82.0 (Pearson)',
    'sts-b --file sts-test.csv',
    { task: 'sick-relatedness', how: 'head', head: 'sick-relatedness', metric: 'Pearson correlation of relatedness' },
  ],
  ['table 4', 'QQP', '70.3 (F1)', 'qqp --file QQP/dev.tsv'],
]);
