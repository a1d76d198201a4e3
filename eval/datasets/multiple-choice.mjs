// More multiple choice (choices.mjs tells what an item is), in the forms in which the papers' data are handed out.
import { detokenize } from '../detokenizers.mjs';
import { csv, jsonLines, lines, needed, texts } from './rows.mjs';

/** Story Cloze (comma-separated): four sentences, then one of two. */
export function storyCloze({ file }) {
  const items = csv(needed(file, 'story-cloze')).map((row) => ({
    context: [1, 2, 3, 4].map((i) => row[`InputSentence${i}`].trim()).join(' '),
    answers: [1, 2].map((i) => row[`RandomFifthSentenceQuiz${i}`].trim()),
    answer: Number(row.AnswerRightEnding) - 1,
  }));
  return { name: 'Story Cloze', items };
}

/** RACE: a folder of its JSON files (`article`, `questions`, `options`, `answers` as letters), or one of them. */
export function race({ file }) {
  const path = needed(file, 'race');
  const items = texts(path)
    .map((text) => JSON.parse(text))
    .flatMap(({ article, questions, options, answers }) =>
      questions.map((question, i) => ({
        context: `${article}\n\nQ: ${question}\n\nA:`,
        asked: { context: article, question },
        answers: options[i],
        answer: answers[i].charCodeAt(0) - 65,
        unconditional: 'A:',
      })),
    );
  return { name: `RACE, ${path.split('/').at(-1)}`, items };
}

/**
 * Children's Book Test: 20 numbered lines, then one with XXXXX, its answer and ten candidates. Scored as the GPT-2 paper does
 * (section 3.2): each candidate with what follows it.
 */
export function cbt({ file }) {
  const items = [];
  let before = [];
  for (const line of lines(needed(file, 'cbt'))) {
    const [, number, rest] = /^(\d+) (.*)$/.exec(line);
    if (number !== '21') {
      before = number === '1' ? [rest] : [...before, rest];
      continue;
    }
    const [question, right, , candidates] = rest.split('\t');
    const [head, tail] = question.split('XXXXX');
    const context = detokenize(`${before.join(' ')} ${head.trim()}`.trim(), 'lambada');
    const answers = candidates.split('|');
    const pairs = answers.map((one) => ({ context, continuation: detokenize(` ${one}${tail}`, 'lambada').trimEnd() }));
    items.push({ pairs, answer: answers.indexOf(right) });
  }
  return { name: file.split('/').at(-1), items };
}

/** PIQA (JSON lines of `goal`, `sol1`, `sol2`): the right one is in a file of its own, `X-labels.lst` beside `X.jsonl`. */
export function piqa({ file }) {
  const path = needed(file, 'piqa');
  const right = lines(path.replace(/\.jsonl$/, '-labels.lst')).map(Number);
  const items = jsonLines(path).map(({ goal, sol1, sol2 }, i) => ({
    question: goal,
    answers: [sol1, sol2],
    answer: right[i],
  }));
  return { name: 'PIQA', prefixes: { input: '', output: 'Answer:' }, items };
}

/** SAT analogies: groups of lines, a pair of words, five to choose from, and the right one's letter (Turney's file). */
export function satAnalogies({ file }) {
  const groups = texts(needed(file, 'sat-analogies'))[0]
    .split(/\r?\n\s*\r?\n/)
    .map((group) => group.split(/\r?\n/).filter((line) => line.trim() !== '' && !line.startsWith('#')))
    .filter((group) => group.length >= 7);
  const pair = (line) => line.trim().split(/\s+/).slice(0, 2).join(' is to ');
  const items = groups.map((group) => {
    // Older copies name the source in a line before the pair.
    const [stem, ...rest] = group.slice(-7);
    return {
      context: `${pair(stem)} as`,
      answers: rest.slice(0, 5).map(pair),
      answer: rest[5].trim().charCodeAt(0) - 97,
      unconditional: 'as',
    };
  });
  return { name: 'SAT analogies', items };
}
