import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { detokenize } from '../detokenizers.mjs';
import { bootstrapRow, wilson } from '../interval.mjs';
import { correlation } from '../metrics/correlation.mjs';
import { arc, choices, copa, hellaswag, winograd } from './choices.mjs';
import { labels, sick, trec } from './labelled.mjs';

const data = mkdtempSync(join(tmpdir(), 'gptlet-eval-'));
afterAll(() => rmSync(data, { recursive: true }));
const write = (name, text) => {
  mkdirSync(join(data, 'finetune', name, '..'), { recursive: true });
  writeFileSync(join(data, 'finetune', name), text);
  return join(data, 'finetune', name);
};

it('COPA asks for a cause or an effect', () => {
  const file = write(
    'copa/dev.xml',
    `<item id="1" asks-for="cause" most-plausible-alternative="2">
      <p>Bread &amp; butter fell.</p> <a1>It flew.</a1> <a2>I dropped it.</a2> </item>`,
  );
  const { items } = copa({ data });
  const because = { context: 'Bread & butter fell because', answers: ['it flew.', 'i dropped it.'], answer: 1 };
  expect(items).toEqual([{ ...because, unconditional: 'because' }]);
  expect(copa({ file }).items).toEqual(items);
});

it('ARC is read in its own form and in ours', () => {
  const official = {
    question: {
      stem: 'What?',
      choices: [
        { text: 'a', label: 'A' },
        { text: 'b', label: 'B' },
      ],
    },
    answerKey: 'B',
  };
  const ours = { question: 'What?', choices: ['a', 'b'], answer: 1 };
  const file = write('arc.jsonl', `${JSON.stringify(official)}\n${JSON.stringify(ours)}\n`);
  const item = { question: 'What?', answers: ['a', 'b'], answer: 1 };
  expect(arc({ file }).items).toEqual([item, item]);
});

it('HellaSwag and any choices', () => {
  const file = write('h.jsonl', '{"ctx": "He sat", "endings": ["down.", "up."], "label": "0"}\n');
  expect(hellaswag({ file }).items).toEqual([{ context: 'He sat', answers: ['down.', 'up.'], answer: 0 }]);
  const any = write('c.jsonl', '{"context": "x", "answers": ["a"], "answer": 0}\n');
  expect(choices({ file: any }).items).toEqual([{ context: 'x', answers: ['a'], answer: 0 }]);
  expect(() => hellaswag({ data })).toThrow(/--file/);
});

it('Winograd schemas put each candidate where the pronoun was', () => {
  const pairs = [
    { context: 'The cup did not fit because the cup', continuation: ' was big.' },
    { context: 'The cup did not fit because the bag', continuation: ' was big.' },
  ];
  const xml = write(
    'w.xml',
    `<schema><text><txt1>The cup did not fit because</txt1><pron>it</pron><txt2>was big.</txt2></text>
      <answers><answer>the cup</answer><answer>the bag</answer></answers><correctAnswer>A.</correctAnswer></schema>`,
  );
  expect(winograd({ file: xml }).items).toEqual([{ pairs, answer: 0 }]);
  const sentence = 'The cup did not fit because _ was big.';
  const file = write('w.jsonl', JSON.stringify({ sentence, option1: 'the cup', option2: 'the bag', answer: '1' }));
  expect(winograd({ file }).items).toEqual([{ pairs, answer: 0 }]);
});

it('labelled texts', () => {
  write('trec/train.txt', Array.from({ length: 12 }, (_, i) => `${i % 6} Question ${i} ?`).join('\n'));
  const { items, train } = trec({ data });
  expect(items.map(({ label }) => label)).toEqual(['description', 'number']);
  expect(train()).toHaveLength(10);
  write('sick/train.txt', 'head\n');
  write('sick/trial.txt', 'pair_ID\tA\tB\tscore\tjudgment\n1\tOne.\tTwo.\t4.5\tNEUTRAL\r\n');
  expect(sick({ data }).items).toEqual([{ texts: ['One.', 'Two.'], label: 'NEUTRAL', relatedness: 4.5 }]);
  const file = write('l.jsonl', '{"premise": "a", "hypothesis": "b", "label": 1}\n{"text": "c", "label": "x"}');
  expect(labels({ file }).items).toEqual([
    { texts: ['a', 'b'], label: '1' },
    { texts: ['c'], label: 'x' },
  ]);
});

it('de-tokenisers write benchmarks as plain text', () => {
  const wiki = ' = = Early life = = \n The well @-@ known " Sun " ( 1 @,@ 000 @.@ 5 ) , it \'s said , did n\'t rise . ';
  expect(detokenize(wiki, 'wikitext')).toBe(
    '= = Early life = =\n The well-known "Sun" (1,000.5), it\'s said, didn\'t rise. ',
  );
  expect(detokenize("he said it 's not the company 's $ N offer", 'ptb')).toBe(
    "he said it's not the company's $N offer",
  );
  expect(detokenize("`` do n't , '' she said .", 'lambada')).toBe('"don\'t," she said.');
  expect(() => detokenize('', 'other')).toThrow(/wikitext, ptb, lambada/);
});

it('intervals hold their figure, also at the edges', () => {
  expect(wilson(0, 10)[0]).toBe(0);
  expect(wilson(10, 10)[1]).toBeCloseTo(1, 12);
  expect(wilson(8, 10).map((x) => x.toFixed(3))).toEqual(['0.490', '0.943']);
  const pairs = Array.from({ length: 60 }, (_, i) => [i % 2, (i + (i % 5 === 0)) % 2]);
  const { median, min, max } = bootstrapRow('', '', '', '', pairs, correlation);
  expect(median).toBeCloseTo(0.6, 12);
  expect(min).toBeLessThan(median);
  expect(max).toBeGreaterThan(median);
  expect(
    correlation([
      [1, 0],
      [1, 1],
    ]),
  ).toBe(0);
});
