// Questions that are answered in free words: { document?, history?, question, references }.
import { jsonLines, needed, texts } from './rows.mjs';

const json = (path) => texts(path).map((text) => JSON.parse(text));

/**
 * CoQA: conversations about a passage, each question after those before it with their answers. Where several people
 * answered, a model is compared with all but one of them in turn.
 */
export function coqa({ file }) {
  const items = json(needed(file, 'coqa')).flatMap(({ data }) =>
    data.flatMap(({ story, questions, answers, additional_answers: others = {} }) =>
      questions.map(({ input_text: question }, turn) => ({
        document: story,
        history: questions
          .slice(0, turn)
          .map((asked, i) => ({ question: asked.input_text, answer: answers[i].input_text })),
        question,
        references: [answers, ...Object.values(others)].map((given) => given[turn].input_text),
      })),
    ),
  );
  return { name: 'CoQA', items, leaveOneOut: true };
}

/** SQuAD 1.1 or 2.0. Where a question has no answer, only an empty one is right. */
export function squad({ file }) {
  const items = json(needed(file, 'squad')).flatMap(({ data }) =>
    data.flatMap(({ paragraphs }) =>
      paragraphs.flatMap(({ context, qas }) =>
        qas.map(({ question, answers, is_impossible: impossible }) => ({
          document: context,
          question,
          references: impossible ? [''] : answers.map(({ text }) => text),
        })),
      ),
    ),
  );
  return { name: 'SQuAD', items };
}

/**
 * Questions about the world: Natural Questions as NQ-open has them (JSON lines of `question`, `answer`), TriviaQA (`Data`, with
 * `Question` and its answer's aliases) or WebQuestions (`utterance`, `targetValue`).
 */
export function closedBook({ file }) {
  const path = needed(file, 'closed-book');
  const values = /\.jsonl(\.gz)?$/.test(path) ? jsonLines(path) : json(path).flatMap((value) => value.Data ?? value);
  const items = values.map((value) => {
    if (value.Question) {
      const { Value, Aliases = [], NormalizedAliases = [] } = value.Answer;
      return { question: value.Question, references: [...new Set([Value, ...Aliases, ...NormalizedAliases])] };
    }
    if (value.utterance) return { question: value.utterance, references: descriptions(value.targetValue) };
    return { question: value.question, references: [value.answer].flat() };
  });
  return { name: path.split('/').at(-1), items };
}

/** `(list (description "Two words") (description Word))` → ['Two words', 'Word'] */
function descriptions(list) {
  const found = list.matchAll(/\(description (?:"([^"]*)"|([^()\s]+))\)/g);
  return Array.from(found, ([, quoted, bare]) => quoted ?? bare);
}
