import { few, rowsOf } from './rows-of.mjs';

/** GPT-2 (2019): nothing fine-tuned. */
export const gpt2Figures = [
  ...rowsOf('GPT-2 117M', 'openai-community/gpt2', [
    [
      'table 3',
      'WikiText-2',
      '29.41 perplexity',
      'lm --file wiki.test.tokens --detokenizer wikitext',
      { task: 'lm', metric: 'perplexity' },
    ],
  ]),
  ...rowsOf('GPT-2 1.5B', 'openai-community/gpt2-xl', [
    ['table 3', 'WikiText-2', '18.34 perplexity', 'lm --file wiki.test.tokens --detokenizer wikitext'],
    ['table 3', 'WikiText-103', '17.48 perplexity', 'lm --file wikitext-103/wiki.test.tokens --detokenizer wikitext'],
    ['table 3', 'Penn Treebank', '35.76 perplexity', 'lm --file ptb.test.txt --detokenizer ptb'],
    ['table 3', '1 Billion Word', '42.16 perplexity', 'lm --file news.en.heldout-00000-of-00050 --detokenizer lambada'],
    ['table 3', 'enwik8', '0.93 bits a byte', 'lm --file enwik8.test', { task: 'lm', metric: 'bits per byte' }],
    ['table 3', 'text8', '0.98 bits a character', 'lm --file text8.test'],
    [
      'table 3',
      'LAMBADA',
      '8.63 perplexity',
      'last-word --file lambada_test.jsonl',
      { task: 'last-word', metric: 'perplexity of the last word' },
    ],
    [
      'section 3.3',
      'LAMBADA',
      '52.66 %',
      'last-word --file lambada_test.jsonl',
      { task: 'last-word', metric: 'accuracy' },
    ],
    [
      'table 3',
      'LAMBADA without stop words',
      '63.24 %',
      'last-word --file lambada_test.jsonl',
      { task: 'last-word', metric: 'accuracy without stop words' },
    ],
    ['table 3', "Children's Book Test, common nouns", '93.30 %', 'cbt --file cbtest_CN_test_2500ex.txt'],
    ['table 3', "Children's Book Test, named entities", '89.05 %', 'cbt --file cbtest_NE_test_2500ex.txt'],
    ['section 3.4', 'Winograd schemas', '70.70 %', 'winograd --file WSCollection.xml'],
    ['section 3.5', 'CoQA', '55 (F1)', 'coqa --file coqa-dev-v1.0.json'],
    ['table 4', 'CNN/DailyMail', '29.34, 8.27, 26.58 (ROUGE-1, -2, -L)', 'cnn-dailymail --file cnn-dailymail-test'],
    [
      'section 3.7',
      'WMT-14 English to French',
      '5 (BLEU)',
      'translate --file newstest2014-fren-src.en --reference newstest2014-fren-ref.fr --shots 5',
    ],
    [
      'section 3.7',
      'WMT-14 French to English',
      '11.5 (BLEU)',
      'translate --file newstest2014-fren-ref.fr --reference newstest2014-fren-src.en --shots 5',
    ],
    ['section 3.8', 'Natural Questions', '4.1 %', `closed-book ${few('NQ-open.dev.jsonl', 5, 'NQ-open.train.jsonl')}`],
  ]),
];
