// What the papers report, and the command that would report it here given their weights and data. `ours` is what the
// embedded model is measured on: the same task where the data are at hand, or one like it.
const head = 'CHECKPOINT --how head';
const gpt2 = '--model openai-community/gpt2';
const xl = '--model openai-community/gpt2-xl';
const gpt3 = '--model GPT-3';
const choice = 'accuracy, normalised by unconditional';

export const paperFigures = [
  // GPT (2018), tables 2 to 4: a fine-tuned head for each task.
  {
    paper: 'GPT',
    task: 'SST-2',
    figure: '91.3 %',
    command: `sst2 --model ${head}`,
    ours: { task: 'sst2', how: 'head', metric: 'accuracy' },
  },
  {
    paper: 'GPT',
    task: 'CoLA',
    figure: '45.4 (Matthews, × 100)',
    command: `cola --model ${head}`,
    ours: { task: 'cola', metric: 'Matthews correlation', way: 'calibrated' },
  },
  {
    paper: 'GPT',
    task: 'SNLI',
    figure: '89.9 %',
    command: `labels --file snli_test.jsonl --model ${head}`,
    ours: { task: 'sick', metric: 'accuracy', way: 'calibrated' },
  },
  {
    paper: 'GPT',
    task: 'MNLI matched / mismatched',
    figure: '82.1 % / 81.4 %',
    command: `labels --file mnli.jsonl --model ${head}`,
  },
  { paper: 'GPT', task: 'SciTail', figure: '88.3 %', command: `labels --file scitail.jsonl --model ${head}` },
  { paper: 'GPT', task: 'QNLI', figure: '88.1 %', command: `labels --file qnli.jsonl --model ${head}` },
  { paper: 'GPT', task: 'RTE', figure: '56.0 %', command: `labels --file rte.jsonl --model ${head}` },
  { paper: 'GPT', task: 'Story Cloze', figure: '86.5 %', command: `choices --file story-cloze.jsonl --model ${head}` },
  {
    paper: 'GPT',
    task: 'RACE (middle / high)',
    figure: '62.9 % / 57.4 %',
    command: `choices --file race.jsonl --model ${head}`,
  },
  // GPT-2 (2019), table 3 and section 3: nothing fine-tuned.
  {
    paper: 'GPT-2 117M',
    task: 'WikiText-2',
    figure: '29.41 perplexity',
    command: `lm --file wiki.test.tokens --detokenizer wikitext ${gpt2}`,
    ours: { task: 'lm', metric: 'perplexity' },
  },
  {
    paper: 'GPT-2 1.5B',
    task: 'WikiText-2',
    figure: '18.34 perplexity',
    command: `lm --file wiki.test.tokens --detokenizer wikitext ${xl}`,
  },
  {
    paper: 'GPT-2 1.5B',
    task: 'Penn Treebank',
    figure: '35.76 perplexity',
    command: `lm --file ptb.test.txt --detokenizer ptb ${xl}`,
  },
  {
    paper: 'GPT-2 1.5B',
    task: 'enwik8',
    figure: '0.93 bits a byte',
    command: `lm --file enwik8.test ${xl}`,
    ours: { task: 'lm', metric: 'bits per byte' },
  },
  {
    paper: 'GPT-2 1.5B',
    task: 'LAMBADA',
    figure: '52.66 %',
    command: `last-word --file lambada_test.jsonl ${xl}`,
    ours: { task: 'last-word', metric: 'accuracy' },
  },
  {
    paper: 'GPT-2 1.5B',
    task: 'LAMBADA without stop words',
    figure: '63.24 %',
    command: `last-word --file lambada_test.jsonl ${xl}`,
    ours: { task: 'last-word', metric: 'accuracy without stop words' },
  },
  {
    paper: 'GPT-2 1.5B',
    task: 'LAMBADA',
    figure: '8.63 perplexity',
    command: `last-word --file lambada_test.jsonl ${xl}`,
    ours: { task: 'last-word', metric: 'perplexity of the last word' },
  },
  {
    paper: 'GPT-2 1.5B',
    task: "Children's Book Test, common nouns / named entities",
    figure: '93.30 % / 89.05 %',
    command: `choices --file cbt.jsonl ${xl}`,
  },
  {
    paper: 'GPT-2 1.5B',
    task: 'Winograd schemas',
    figure: '70.70 %',
    command: `winograd --file WSCollection.xml ${xl}`,
  },
  // GPT-3 (2020), section 3: its weights were not published.
  {
    paper: 'GPT-3 175B',
    task: 'COPA, 0 shots',
    figure: '91.0 %',
    command: `copa ${gpt3}`,
    ours: { task: 'copa', metric: choice },
  },
  {
    paper: 'GPT-3 175B',
    task: 'ARC-Easy, 0 shots',
    figure: '68.8 %',
    command: `arc --file ARC-Easy-Test.jsonl ${gpt3}`,
    ours: { task: 'arc', metric: choice },
  },
  {
    paper: 'GPT-3 175B',
    task: 'ARC-Easy, few shots',
    figure: '70.1 %',
    command: `arc --file ARC-Easy-Test.jsonl --shots 50 ${gpt3}`,
    ours: { task: 'arc', shots: 4, metric: choice },
  },
  {
    paper: 'GPT-3 175B',
    task: 'ARC-Challenge, 0 shots',
    figure: '51.4 %',
    command: `arc --file ARC-Challenge-Test.jsonl ${gpt3}`,
  },
  {
    paper: 'GPT-3 175B',
    task: 'HellaSwag, 0 shots',
    figure: '78.9 %',
    command: `hellaswag --file hellaswag_val.jsonl ${gpt3}`,
  },
  {
    paper: 'GPT-3 175B',
    task: 'Winograd schemas, 0 shots',
    figure: '88.3 %',
    command: `winograd --file WSCollection.xml ${gpt3}`,
  },
  {
    paper: 'GPT-3 175B',
    task: 'Winogrande, 0 shots',
    figure: '70.2 %',
    command: `winograd --file winogrande_dev.jsonl ${gpt3}`,
  },
  {
    paper: 'GPT-3 175B',
    task: 'LAMBADA, 0 shots',
    figure: '76.2 %',
    command: `last-word --file lambada_test.jsonl ${gpt3}`,
  },
  ...[
    ['two-digit addition', '100.0 %'],
    ['two-digit subtraction', '98.9 %'],
    ['two-digit multiplication', '29.2 %'],
    ['one-digit composite', '21.3 %'],
  ].map(([task, figure]) => ({
    paper: 'GPT-3 175B',
    task: `${task}, few shots`,
    figure,
    command: `arithmetic --shots 50 ${gpt3}`,
    ours: { task: 'arithmetic', shots: 4, limit: 500, name: task, metric: 'accuracy' },
  })),
];

/** Tasks that the embedded model is asked in every way at hand: `head` names a folder of `--heads`. */
export const everyWay = [
  { title: 'SST-2', task: 'sst2', shots: 6, metric: 'accuracy', way: 'calibrated', head: '' },
  { title: 'TREC', task: 'trec', shots: 6, metric: 'accuracy', way: 'calibrated', head: 'trec' },
  { title: 'CoLA', task: 'cola', shots: 6, metric: 'accuracy', way: 'calibrated', head: 'cola' },
  { title: 'SICK entailment', task: 'sick', shots: 6, metric: 'accuracy', way: 'calibrated', head: 'sick-entailment' },
  { title: 'COPA', task: 'copa', shots: 4, metric: choice },
  { title: 'ARC-Easy', task: 'arc', shots: 4, metric: choice, head: 'arc-easy' },
];
