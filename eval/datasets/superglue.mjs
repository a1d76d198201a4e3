// SuperGLUE's tasks with a yes or a no, as its JSON lines have them; the prompts are worded after GPT-3's (appendix G).
import { jsonLines, needed } from './rows.mjs';

const yesOrNo = (file, items, write, more = {}) => ({
  name: file.split('/').at(-1),
  items,
  labels: ['no', 'yes'],
  prompt: { write, prefixes: { input: '', output: 'Answer:' }, words: { no: 'no', yes: 'yes' } },
  ...more,
});
const label = (value) => (value === true || value === 1 || value === 'true' ? 'yes' : 'no');

/** BoolQ: a yes or no question about a passage (`label`, or `answer` as BoolQ itself has it). */
export function boolq({ file }) {
  const items = jsonLines(needed(file, 'boolq')).map((row) => ({
    texts: [row.passage, row.question],
    label: label(row.label ?? row.answer),
  }));
  return yesOrNo(file, items, ([passage, question]) => `${passage}\nQuestion: ${question}?`);
}

/** WiC: whether a word means the same in two sentences. */
export function wic({ file }) {
  const items = jsonLines(needed(file, 'wic')).map((row) => ({
    texts: [
      row.sentence1,
      `${row.sentence2}\nQuestion: Is the word '${row.word}' used in the same way in the two sentences above?`,
    ],
    label: label(row.label),
  }));
  return yesOrNo(file, items, (texts) => texts.join('\n'));
}

/** WSC: whether a pronoun means a noun. */
export function wsc({ file }) {
  const items = jsonLines(needed(file, 'wsc')).map(({ text, target, ...row }) => ({
    texts: [
      text,
      `Question: In the passage above, does the pronoun "${target.span2_text}" refer to "${target.span1_text}"?`,
    ],
    label: label(row.label),
  }));
  return yesOrNo(file, items, (texts) => texts.join('\n'));
}

/** MultiRC: whether an answer, each for itself, is right. Reported as F1 over all answers (F1a), and as exact match: all of a question's. */
export function multirc({ file }) {
  const items = jsonLines(needed(file, 'multirc')).flatMap(({ passage }) =>
    passage.questions.flatMap((asked) =>
      asked.answers.map((answer) => ({
        texts: [passage.text, `${asked.question}\n${answer.text}`],
        label: label(answer.label),
        group: asked,
      })),
    ),
  );
  const write = ([passage, asked]) => `${passage}\nQuestion: ${asked}\nIs that right?`;
  return yesOrNo(file, items, write, { positive: 'yes', metrics: ['F1'] });
}

/** ReCoRD: which of a passage's entities stands for @placeholder. Right is each that people gave; F1 is of words, with the nearest of these. */
export function record({ file }) {
  const items = jsonLines(needed(file, 'record')).flatMap(({ passage, qas }) => {
    // The end of an entity is its last character.
    const named = passage.entities.map(({ start, end }) => passage.text.slice(start, end + 1));
    const entities = [...new Set(named)];
    const context = passage.text.replaceAll('\n@highlight\n', '\n- ');
    return qas.map(({ query, answers }) => ({
      pairs: entities.map((name) => ({ context, continuation: `\n- ${query.replace('@placeholder', () => name)}` })),
      names: entities,
      references: answers.map(({ text }) => text),
      answer: [...new Set(answers.map(({ text }) => entities.indexOf(text)))],
    }));
  });
  return { name: file.split('/').at(-1), items };
}
