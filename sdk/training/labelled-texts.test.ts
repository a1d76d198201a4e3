import { describe, expect, it } from 'vitest';
import { readExamples } from './labelled-texts.ts';
import { Pacer } from './pacer.ts';
import type { LabelTask, TaskExamples } from './task-examples.ts';

const pacer = new Pacer(new AbortController().signal);

describe('examples of each task', () => {
  it.each<[LabelTask, readonly object[], object]>([
    [
      'classification',
      [
        { text: 'x', label: 'b' },
        { text: 'y', label: 'a', more: 1 },
      ],
      { kind: 'one label', labels: ['a', 'b'], inputs: [[['x']], [['y']]], targets: [1, 0] },
    ],
    [
      'multi-label',
      [
        { text: 'x', labels: ['b', 'a'] },
        { text: 'y', labels: [] },
      ],
      {
        kind: 'labels',
        labels: ['a', 'b'],
        inputs: [[['x']], [['y']]],
        targets: [
          [1, 1],
          [0, 0],
        ],
      },
    ],
    [
      'regression',
      [{ text: 'x', value: 0.5 }],
      { kind: 'value', labels: ['value'], inputs: [[['x']]], targets: [0.5] },
    ],
    [
      'entailment',
      [
        { premise: 'p', hypothesis: 'h', label: 'yes' },
        { premise: 'q', hypothesis: 'i', label: 'no' },
      ],
      { kind: 'one label', labels: ['no', 'yes'], inputs: [[['p', 'h']], [['q', 'i']]], targets: [1, 0] },
    ],
    [
      'similarity',
      [{ a: 'x', b: 'y', value: 4 }],
      {
        kind: 'value',
        labels: ['value'],
        inputs: [
          [
            ['x', 'y'],
            ['y', 'x'],
          ],
        ],
        targets: [4],
      },
    ],
    [
      'choice',
      [{ context: 'c', question: 'q', answers: ['x', 'y'], answer: 1 }],
      {
        kind: 'answer',
        labels: ['fits'],
        inputs: [
          [
            ['c q', 'x'],
            ['c q', 'y'],
          ],
        ],
        targets: [1],
      },
    ],
  ])('%s', async (task, examples, expected) => {
    expect(await readExamples(task, examples as never, pacer)).toEqual(expected);
  });
});

it('reads two hundred thousand rows a few milliseconds at a time', async () => {
  const rows = Array.from({ length: 200_000 }, (_, i) => ({ text: `text ${i}`, label: `${i % 3}` }));
  let turns = 0;
  const timer = setInterval(() => turns++, 0);
  const { targets } = await readExamples('classification', rows, pacer);
  clearInterval(timer);
  expect(targets).toHaveLength(rows.length);
  expect(turns).toBeGreaterThan(3);
});

describe('what cannot be learnt from', () => {
  const row = { text: 'x', label: 'a' };
  it.each<[string, LabelTask, readonly TaskExamples[LabelTask][] | readonly unknown[], RegExp]>([
    ['nothing', 'classification', [], /no examples/],
    ['one label', 'classification', [row, row], /only the label 'a'/],
    [
      'a label that is a number',
      'classification',
      [row, { text: 'y', label: 3 }],
      /examples\[1\]\.label is 3; .* text/,
    ],
    ['no text', 'classification', [row, { label: 'b' }], /examples\[1\]\.text is undefined/],
    ['an empty text', 'classification', [row, { text: '', label: 'b' }], /examples\[1\] has an empty text/],
    ['a row that is a list', 'classification', [row, []], /examples\[1\] is \[\]/],
    ['no label at all', 'multi-label', [{ text: 'x', labels: [] }], /no label at all/],
    ['a value that is no number', 'regression', [{ text: 'x', value: Number.NaN }], /value is NaN/],
    [
      'labels among values',
      'similarity',
      [
        { a: 'x', b: 'y', value: 1 },
        { a: 'x', b: 'y', label: 'z' },
      ],
      /examples\[1\] has a label where/,
    ],
    [
      'an answer that is not there',
      'choice',
      [{ context: 'c', answers: ['x', 'y'], answer: 2 }],
      /answer is 2; .* from 0 to 1/,
    ],
    ['no answers', 'choice', [{ context: 'c', answers: [], answer: 0 }], /examples\[0\] has no answers/],
  ])('%s', async (_, task, examples, message) => {
    await expect(readExamples(task, examples as never, pacer)).rejects.toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION', message: expect.stringMatching(message) }),
    );
  });
});
