import { expect, it } from 'vitest';
import { seeded } from '../random.mjs';
import { completions, scrambled, scrambles } from './completions.mjs';
import { cbt, piqa, race, satAnalogies, storyCloze } from './multiple-choice.mjs';
import { mrpc, nli, qqp, stsb } from './pairs.mjs';
import { cnnDailymail, parallel } from './parallel-texts.mjs';
import { closedBook, coqa, drop, quac, squad } from './questions.mjs';
import { boolq, multirc, record, wic, wsc } from './superglue.mjs';

// Made-up data, a few lines each, in the forms in which the benchmarks are handed out.
const at = (name) => ({ file: `eval/fixtures/${name}` });

it('inference: pairs without agreement are left out, labels have one spelling, prompts offer those that occur', () => {
  const { items, prompt, macro } = nli(at('snli_1.0_test.jsonl'));
  expect(items).toEqual([
    { texts: ['A dog runs in a park.', 'An animal is outside.'], label: 'entailment' },
    { texts: ['A girl eats soup.', 'The soup is hot.'], label: 'neutral' },
    { texts: ['A boy sleeps.', 'The boy is running.'], label: 'contradiction' },
  ]);
  expect(macro).toBe(true);
  expect(prompt.write(['One.', 'Two.'])).toBe('One.\nQuestion: Two. True, neither or false?');
  const anli = nli(at('anli_v1.0/R3/test.jsonl')).items;
  expect(anli.map(({ label }) => label)).toEqual(['entailment', 'contradiction', 'neutral']);
  expect(anli[0].texts).toEqual(['Ann has a kite.', 'Ann has a toy.']);
  // A quote that nothing closes is a character like others.
  const qnli = nli(at('QNLI/dev.tsv'));
  expect(qnli.items[0]).toEqual({
    texts: ['Who made the "red boat?', 'The red boat was made by Ann.'],
    label: 'entailment',
  });
  expect(qnli.labels).toEqual(['entailment', 'not_entailment']);
  expect(qnli.prompt.words).toEqual({ entailment: 'true', not_entailment: 'false' });
  for (const name of ['scitail_1.0_test.jsonl', 'RTE/dev.tsv', 'CB/val.jsonl', 'multinli_1.0_dev_matched.jsonl']) {
    for (const { texts, label } of nli(at(name)).items) {
      expect(texts.every((text) => typeof text === 'string')).toBe(true);
      expect(['entailment', 'neutral', 'contradiction', 'not_entailment']).toContain(label);
    }
  }
});

it('pairs that mean the same, or how much', () => {
  const [first, second] = mrpc(at('msr_paraphrase_test.txt')).items;
  expect(first).toEqual({ texts: ['She said "yes on Monday.', 'On Monday she said yes.'], label: 'equivalent' });
  expect(second.label).toBe('not_equivalent');
  expect(qqp(at('QQP/dev.tsv')).items).toEqual([
    { texts: ['How do I bake bread?', 'How is bread baked?'], label: 'duplicate' },
    { texts: ['How old is the sun?', 'How far is the moon?'], label: 'not_duplicate' },
  ]);
  const same = { texts: ['A cat sits.', 'A cat is sitting.'], relatedness: 5 };
  expect(stsb(at('sts-test.csv')).items.slice(0, 2)).toEqual([
    same,
    { texts: ['Rain in the north', 'Stocks fall'], relatedness: 1.25 },
  ]);
  expect(stsb(at('sts-dev.tsv')).items).toEqual([same]);
});

it('SuperGLUE’s questions with a yes or a no', () => {
  const { items, prompt } = boolq(at('BoolQ/val.jsonl'));
  expect(items.map(({ label }) => label)).toEqual(['yes', 'no']);
  expect(prompt.write(items[0].texts)).toBe('The kite is red.\nQuestion: is the kite red?');
  expect(wic(at('WiC/val.jsonl')).items.map(({ label }) => label)).toEqual(['no', 'yes']);
  expect(wic(at('WiC/val.jsonl')).items[0].texts[1]).toMatch(/^We sat on the river bank\.\n.*'bank'/);
  expect(wsc(at('WSC/val.jsonl')).items[0].texts[1]).toContain('"she" refer to "Mia"');
  expect(multirc(at('MultiRC/val.jsonl')).items.map(({ texts, label }) => [texts[1], label])).toEqual([
    ['What does Ann have?\nA kite', 'yes'],
    ['What does Ann have?\nA car', 'no'],
    ['What does Ann have?\nA dog', 'yes'],
  ]);
});

it('entities for a gap: each once, and each that people gave is right', () => {
  const [{ pairs, answer, names, references }] = record(at('ReCoRD/val.jsonl')).items;
  expect(pairs.map(({ continuation }) => continuation)).toEqual(
    ['Ann Lee', 'Ben', 'Dale', 'Ann'].map((name) => `\n- At the station ${name} looked at the clock again.`),
  );
  expect(answer).toEqual([0, 3]);
  expect(names).toEqual(['Ann Lee', 'Ben', 'Dale', 'Ann']);
  expect(references).toEqual(['Ann Lee', 'Ann']);
  expect(pairs[0].context).toBe('Ann Lee met Ben in the town of Dale.\n- Ben was late\n- Ann waited');
});

it('stories and passages with answers to choose from', () => {
  const [, second] = storyCloze(at('cloze_test_test__spring2016.csv')).items;
  expect(second).toEqual({
    context: 'Ben lost his shoe. He looked under the bed. It was not there. His dog had it, of course.',
    answers: ['Ben flew away.', '"Bad dog," he laughed.'],
    answer: 1,
  });
  expect(race(at('RACE/test')).items).toHaveLength(4);
  const [first] = race(at('RACE/test/high')).items;
  expect(first).toMatchObject({ answers: ['Beans', 'Cars', 'Coins', 'Hats'], answer: 0 });
  expect(first.context).toBe('Mia has a garden. She grows beans and peas.\n\nQ: What does Mia grow?\n\nA:');
  const pieces = piqa(at('piqa_valid.jsonl')).items;
  expect(pieces[1]).toEqual({
    question: 'Dry a shirt.',
    answers: ['Put it in a lake.', 'Hang it in the sun.'],
    answer: 1,
  });
  const analogies = satAnalogies(at('SAT-package-V3.txt')).items;
  expect(analogies).toHaveLength(5);
  expect(analogies[0]).toMatchObject({ context: 'kite is to wind as', answer: 0 });
  expect(analogies[0].answers).toHaveLength(5);
  expect(analogies[0].answers[0]).toBe('boat is to water');
});

it('a book’s 20 lines, and the next with a gap, as plain text', () => {
  const { items } = cbt(at('cbtest_CN_test_2500ex.txt'));
  expect(items).toHaveLength(2);
  const { pairs, answer } = items[0];
  expect(pairs).toHaveLength(10);
  expect(answer).toBe(9);
  expect(pairs[9].continuation).toBe(" boy didn't run away.");
  expect(pairs[0].context.startsWith('Line 1 said, "it is so." Line 2 said')).toBe(true);
  expect(pairs[0].context.endsWith('Line 20 said, "it is so." The')).toBe(true);
});

it('questions with answers in free words', () => {
  const { items } = coqa(at('coqa-dev-v1.0.json'));
  expect(items[1]).toEqual({
    document: 'Ann has a red kite. She flies it on the hill.',
    history: [{ question: 'What does Ann have?', answer: 'a red kite' }],
    question: 'Which colour?',
    references: ['red', 'Red', 'it is red'],
  });
  expect(squad(at('squad-dev-v2.0.json')).items.map(({ references }) => references)).toEqual([
    ['in a valley', 'a valley'],
    [''],
  ]);
  expect(drop(at('drop_dataset_dev.json')).items.map(({ references }) => references)).toEqual([
    [['3'], ['3'], ['3 red kites']],
    [['Ann', 'Ben']],
    [['4 May 1901']],
  ]);
  // The third is left out: those who answered shared nothing.
  const [first, second, ...none] = quac(at('val_v0.2.json')).items;
  expect(none).toEqual([]);
  expect(first.references).toEqual(['a red kite', 'red kite']);
  expect(second).toMatchObject({
    document: 'Ann has a red kite. Ben waits on the hill. CANNOTANSWER',
    history: [{ question: 'What does Ann have?', answer: 'a red kite' }],
    question: 'How old is she?',
    references: ['CANNOTANSWER'],
  });
  const of = (name) => closedBook(at(name)).items[0];
  expect(of('NQ-open.dev.jsonl')).toEqual({ question: 'who flew the first kite', references: ['Ann', 'Ann Lee'] });
  expect(of('webquestions.examples.test.json')).toEqual({ question: 'who is ann?', references: ['Ann Lee', 'Ann'] });
  expect(of('wikipedia-dev.json').references).toEqual(['Kite', 'Kites', 'kite', 'kites']);
});

it('articles with their highlights, texts with their translations', () => {
  const [story] = cnnDailymail(at('cnn-dailymail-test')).items;
  expect(story).toEqual({
    text: 'Ann flew a kite on Monday.\n\nThe kite was red.',
    summary: ['Ann flew a kite', 'It was red'],
  });
  expect(cnnDailymail(at('cnn-dailymail.csv')).items).toEqual([
    { text: 'Ann flew a kite, on Monday. It was "red".', summary: ['Ann flew a kite .', 'It was red .'] },
  ]);
  const reference = 'eval/fixtures/newstest2014-fren-ref.fr';
  const { items } = parallel({ ...at('newstest2014-fren-src.en'), reference });
  expect(items[1]).toEqual({ source: 'The sun is red.', target: 'Le soleil est rouge.' });
  expect(() => parallel({ ...at('words.txt'), reference })).toThrow(/words\.txt has 4 lines and .*ref\.fr 5/);
  expect(() => parallel(at('words.txt'))).toThrow(/--reference/);
});

it('GPT-3’s words and sums as it hands them out, and words scrambled in its five ways', () => {
  const [sums] = completions(at('three_digit_addition.jsonl'));
  expect(sums.instruction).toBe('');
  expect(sums.items[0].completion).toBe(' 611');
  const [words] = completions(at('reversed_words.jsonl.gz'));
  expect(words.instruction).toContain('unscramble');
  expect(words.items[0]).toEqual({ context: '\netik =', completion: ' kite' });

  const made = Object.fromEntries(scrambled(at('words.txt')).map(({ name, items }) => [name, items]));
  expect(Object.keys(made)).toEqual(Object.keys(scrambles));
  // "level" reads the same backwards, and without two letters at either end "kite" has no middle.
  expect(made['reversed words'].map(({ completion }) => completion)).toEqual([' garden', ' winter', ' kite']);
  expect(made['anagrams of all but the first and last 2 letters'].map(({ completion }) => completion)).toEqual([
    ' garden',
    ' winter',
  ]);
  const random = seeded(3);
  for (const word of ['garden', 'inevitably', 'kite']) {
    const cycled = scrambles['cycle letters'](word, random);
    expect(cycled).not.toBe(word);
    expect(word + word).toContain(cycled);
    const mixed = scrambles['anagrams of all but the first and last letters'](word, random);
    expect([mixed[0], mixed.at(-1)]).toEqual([word[0], word.at(-1)]);
    expect([...mixed].sort()).toEqual([...word].sort());
    expect(mixed).not.toBe(word);
    const spread = scrambles['random insertion in word'](word, random);
    expect(spread).toHaveLength(2 * word.length - 1);
    expect([...spread].filter((_, i) => i % 2 === 0).join('')).toBe(word);
    expect([...spread].filter((_, i) => i % 2 === 1).join('')).not.toMatch(/[a-z]/i);
  }
});
