import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readRows } from './read-rows.ts';
import { stepLine } from './show-step.ts';
import { train } from './train.ts';
import { trainArguments } from './train-arguments.ts';
import { type Reported, reportTraining } from './training-report.ts';

const folder = mkdtempSync(join(tmpdir(), 'gptlet-rows-'));
const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

it('reads JSON lines, tables and folders', async () => {
  expect(await readRows(file('a.jsonl', '{"text":"x","label":"a"}\n\n{"text":"y","label":"b"}\n'))).toEqual([
    { text: 'x', label: 'a' },
    { text: 'y', label: 'b' },
  ]);
  expect(await readRows(file('a.csv', '\ufefftext,label\n"x, ""y""",a\n'))).toEqual([{ text: 'x, "y"', label: 'a' }]);
  expect(await readRows(file('b.tsv', 'text\tvalue\tlabels\nx\t2.5\ta; b\n'))).toEqual([
    { text: 'x', value: 2.5, labels: ['a', 'b'] },
  ]);
  for (const label of ['neg', 'pos']) {
    mkdirSync(join(folder, 'texts', label), { recursive: true });
    file(`texts/${label}/1.txt`, `a ${label} text`);
  }
  expect(await readRows(join(folder, 'texts'))).toEqual([
    { text: 'a neg text', label: 'neg' },
    { text: 'a pos text', label: 'pos' },
  ]);
});

it('reads texts that are files of a folder, without labels', async () => {
  mkdirSync(join(folder, 'stories'));
  for (const name of ['2.txt', '1.txt', 'notes.md']) file(`stories/${name}`, `story ${name}`);
  expect(await readRows(join(folder, 'stories'))).toEqual([{ text: 'story 1.txt' }, { text: 'story 2.txt' }]);
});

it('makes options of arguments', () => {
  const given =
    '--method lora --rank 4 --targets c_attn,c_proj --batch-size 8 --schedule cosine --checkpointing --threads 2';
  expect(trainArguments(['a.jsonl', '--out', 'x', ...given.split(' ')])).toMatchObject({
    options: {
      method: 'lora',
      rank: 4,
      targets: ['c_attn', 'c_proj'],
      batchSize: 8,
      schedule: 'cosine',
      checkpointing: true,
    },
    load: { threads: 2 },
    shape: undefined,
  });
  const scratch = trainArguments([
    'a.txt',
    '--out',
    'x',
    '--from-scratch',
    '--width',
    '64',
    '--vocab-size',
    '512',
    '--steps',
    '9',
  ]);
  expect(scratch).toMatchObject({ shape: { width: 64, vocabSize: 512 }, options: { steps: 9 } });
  expect(scratch.options).not.toHaveProperty('width');
});

it('says in a line how far it is', () => {
  expect(stepLine({ stage: 'learn', step: 12, steps: 24, loss: 1.5, tokensPerSecond: 800.4, secondsLeft: 150 })).toBe(
    `${'█'.repeat(12)}${'░'.repeat(12)}  learn 12 of 24  loss 1.5000  800 tokens/s  3 min left`,
  );
  expect(stepLine({ stage: 'fit', step: 3, loss: 0.25 })).toBe('fit 3  loss 0.2500');
});

it.each([
  ['no file', () => join(folder, 'nothing.jsonl'), /There is no .*nothing\.jsonl/],
  ['no JSON', () => file('c.jsonl', '{"text":1}\n{'), /line 2, is not JSON/],
  ['a torn table', () => file('d.csv', 'text,label\n"x,a\n'), /cannot be read as a table/],
  ['a folder without labels', () => folder, /no \.txt files, and no folders with any/],
])('says what is wrong with %s', async (name, path, message) => {
  if (name === 'a folder without labels') mkdirSync(join(folder, 'empty'), { recursive: true });
  const at = name === 'a folder without labels' ? join(folder, 'empty') : path();
  await expect(readRows(at)).rejects.toMatchObject({
    code: 'INVALID_OPTION',
    message: expect.stringMatching(message),
  });
});

it.each([
  [['--out', 'x'], /Give one file of examples; 0 were given/],
  [['a.jsonl'], /--out is missing/],
  [['a.jsonl', '--out', 'x', '--seed', 'one'], /--seed is 'one'/],
  [['a.jsonl', '--out', 'x', '--epoch', '3'], /'--epoch'.*--epochs/],
])('refuses %o', async (args, message) => {
  await expect(train(args)).rejects.toThrow(message);
});

it('reports what is taken for what', () => {
  const head = {
    labels: ['bad', 'good'],
    warnings: ['One is odd.'],
    evaluation: {
      examples: 12,
      loss: 0.5,
      accuracy: 0.75,
      confusion: [
        [4, 1],
        [2, 5],
      ],
      mostWrong: [{ index: 0, expected: 'bad', predicted: 'good', score: 0.9 }],
    },
  } satisfies Reported;
  expect(reportTraining(head, [{ text: 'a\nb', label: 'bad' }])).toBe(`warning: One is odd.
held out: 12 examples
  loss              0.5000
  accuracy          0.7500

        bad  good
   bad    4     1
  good    2     5

most wrong:
  bad taken for good (0.90): a b / bad
`);
});
