import { choiceMetric, few, rowsOf } from './rows-of.mjs';

const arithmetic = (name) => ({ task: 'arithmetic', shots: 4, limit: 500, name, metric: 'accuracy' });

/**
 * GPT-3 (2020). Shots are as many as its text names (Story Cloze 70, translation 64, SuperGLUE 32, words 100), else of that order.
 * Translations are those of table C.1, which has sacreBLEU's figures; table 3.4 has others, by another tokenisation.
 */
export const gpt3Figures = rowsOf('GPT-3 175B', 'GPT-3', [
  ['section 3.1.1', 'Penn Treebank', '20.50 perplexity', 'lm --file ptb.test.txt --detokenizer ptb'],
  ['table 3.2', 'LAMBADA, 0 shots', '76.2 %', 'last-word --file lambada_test.jsonl'],
  ['table 3.2', 'LAMBADA, 0 shots', '3.00 perplexity', 'last-word --file lambada_test.jsonl'],
  ['table 3.2', 'Story Cloze, 0 shots', '83.2 %', 'story-cloze --file cloze_test_test__spring2016.csv'],
  [
    'table 3.2',
    'Story Cloze, few shots',
    '87.7 %',
    `story-cloze ${few('cloze_test_test__spring2016.csv', 70, 'cloze_test_val__spring2016.csv')}`,
  ],
  ['table 3.2', 'HellaSwag, 0 shots', '78.9 %', 'hellaswag --file hellaswag_val.jsonl'],
  [
    'table 3.2',
    'HellaSwag, few shots',
    '79.3 %',
    `hellaswag ${few('hellaswag_val.jsonl', 20, 'hellaswag_train.jsonl')}`,
  ],
  [
    'table 3.3',
    'Natural Questions, few shots',
    '29.9 %',
    `closed-book ${few('NQ-open.dev.jsonl', 64, 'NQ-open.train.jsonl')}`,
  ],
  [
    'table 3.3',
    'WebQuestions, few shots',
    '41.5 %',
    `closed-book ${few('webquestions.examples.test.json', 64, 'webquestions.examples.train.json')}`,
  ],
  ['table 3.3', 'TriviaQA, 0 shots', '64.3 %', 'closed-book --file wikipedia-dev.json'],
  [
    'table 3.3',
    'TriviaQA, few shots',
    '71.2 %',
    `closed-book ${few('wikipedia-dev.json', 64, 'wikipedia-train.json')}`,
  ],
  ...[
    ['WMT-14 English to French', '39.9', 'newstest2014-fren-src.en', 'newstest2014-fren-ref.fr'],
    ['WMT-14 French to English', '41.4', 'newstest2014-fren-ref.fr', 'newstest2014-fren-src.en'],
    ['WMT-16 English to German', '30.9', 'newstest2016-ende-src.en', 'newstest2016-ende-ref.de'],
    ['WMT-16 German to English', '43.0', 'newstest2016-deen-src.de', 'newstest2016-deen-ref.en'],
    ['WMT-16 English to Romanian', '25.8', 'newstest2016-enro-src.en', 'newstest2016-enro-ref.ro'],
    ['WMT-16 Romanian to English', '41.3', 'newstest2016-roen-src.ro', 'newstest2016-roen-ref.en'],
  ].map(([task, figure, source, target]) => [
    'table C.1',
    `${task}, few shots`,
    `${figure} (sacreBLEU)`,
    `translate --file ${source} --reference ${target} --shots 64`,
  ]),
  ['table 3.5', 'Winograd schemas, 0 shots', '88.3 %', 'winograd --file WSCollection.xml'],
  ['table 3.5', 'Winogrande, 0 shots', '70.2 %', 'winograd --file winogrande_dev.jsonl'],
  ['table 3.6', 'PIQA, 0 shots', '80.5 %', 'piqa --file piqa_valid.jsonl'],
  ['table 3.6', 'ARC-Easy, 0 shots', '68.8 %', 'arc --file ARC-Easy-Test.jsonl', { task: 'arc', metric: choiceMetric }],
  [
    'table 3.6',
    'ARC-Easy, few shots',
    '70.1 %',
    `arc ${few('ARC-Easy-Test.jsonl', 50, 'ARC-Easy-Train.jsonl')}`,
    { task: 'arc', shots: 4, metric: choiceMetric },
  ],
  ['table 3.6', 'ARC-Challenge, 0 shots', '51.4 %', 'arc --file ARC-Challenge-Test.jsonl'],
  ['table 3.6', 'OpenBookQA, 0 shots', '57.6 %', 'arc --file openbookqa_test.jsonl'],
  [
    'table 3.6',
    'OpenBookQA, few shots',
    '65.4 %',
    `arc ${few('openbookqa_test.jsonl', 100, 'openbookqa_train.jsonl')}`,
  ],
  ['table 3.7', 'CoQA, 0 shots', '81.5 (F1)', 'coqa --file coqa-dev-v1.0.json'],
  ['table 3.7', 'SQuAD 2.0, 0 shots', '59.5 (F1)', 'squad --file squad-dev-v2.0.json'],
  ['table 3.7', 'RACE high, 0 shots', '45.5 %', 'race --file RACE/test/high'],
  ['table 3.7', 'RACE middle, 0 shots', '58.4 %', 'race --file RACE/test/middle'],
  ['table 3.8', 'BoolQ, few shots', '76.4 %', `boolq ${few('BoolQ/val.jsonl', 32, 'BoolQ/train.jsonl')}`],
  ['table 3.8', 'CB, few shots', '75.6 %, 52.0 (F1)', `nli ${few('CB/val.jsonl', 32, 'CB/train.jsonl')}`],
  ['table 3.8', 'COPA, few shots', '92.0 %', 'copa --shots 32', { task: 'copa', shots: 4, metric: choiceMetric }],
  ['table 3.8', 'RTE, few shots', '69.0 %', `nli ${few('RTE/val.jsonl', 32, 'RTE/train.jsonl')}`],
  ['table 3.8', 'WiC, few shots', '49.4 %', `wic ${few('WiC/val.jsonl', 32, 'WiC/train.jsonl')}`],
  ['table 3.8', 'WSC, few shots', '80.1 %', `wsc ${few('WSC/val.jsonl', 32, 'WSC/train.jsonl')}`],
  ['table 3.8', 'MultiRC, few shots', '75.4 (F1)', `multirc ${few('MultiRC/val.jsonl', 32, 'MultiRC/train.jsonl')}`],
  ['table 3.8', 'ReCoRD, few shots', '90.2 %', `record ${few('ReCoRD/val.jsonl', 32, 'ReCoRD/train.jsonl')}`],
  [
    'table C.1',
    'ANLI R3, few shots',
    '40.2 %',
    `nli ${few('anli_v1.0/R3/test.jsonl', 50, 'anli_v1.0/R3/train.jsonl')}`,
  ],
  ...[
    ['two-digit addition', '100.0 %', arithmetic('two-digit addition')],
    ['two-digit subtraction', '98.9 %', arithmetic('two-digit subtraction')],
    ['two-digit multiplication', '29.2 %', arithmetic('two-digit multiplication')],
    ['one-digit composite', '21.3 %', arithmetic('one-digit composite')],
  ].map(([task, figure, ours]) => ['table 3.9', `${task}, few shots`, figure, 'arithmetic --shots 50', ours]),
  ...[
    ['three_digit_addition', '80.4 %'],
    ['three_digit_subtraction', '94.2 %'],
    ['four_digit_addition', '25.5 %'],
    ['four_digit_subtraction', '26.8 %'],
    ['five_digit_addition', '9.3 %'],
    ['five_digit_subtraction', '9.9 %'],
  ].map(([file, figure]) => [
    'table 3.9',
    `${file.replace('_digit_', '-digit ')}, few shots`,
    figure,
    `completions --file ${file}.jsonl --shots 50`,
  ]),
  ...[
    ['cycled letters', '37.9 %', 'cycle_letters_in_word'],
    ['anagrams of all but the first and last letters', '15.1 %', 'mid_word_1_anagrams'],
    ['anagrams of all but the first and last 2 letters', '39.7 %', 'mid_word_2_anagrams'],
    ['random insertions', '67.2 %', 'random_insertion_in_word'],
    ['reversed words', '0.44 %', 'reversed_words'],
  ].map(([task, figure, file]) => [
    'table 3.10',
    `${task}, few shots`,
    figure,
    `completions --file ${file}.jsonl.gz --shots 100`,
  ]),
  ['section 3.9.3', 'SAT analogies, 0 shots', '53.7 %', 'sat-analogies --file SAT-package-V3.txt'],
  ['section 3.9.3', 'SAT analogies, few shots', '65.2 %', 'sat-analogies --file SAT-package-V3.txt --shots 20'],
]);
