// Questions that are answered in free words: { document?, history?, question, references }.
import { overlapF1 } from '../metrics/answer-overlap.mjs';
import { dropExactMatch, dropF1 } from '../metrics/drop.mjs';
import { mean } from '../metrics/mean.mjs';
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
 * QuAC: conversations as CoQA's, answered by a span or by CANNOTANSWER, which ends each passage. As its scorer does, what most
 * said decides whether there is an answer, and questions on which people's F1 is below 0.4 are left out.
 */
export function quac({ file }) {
  const items = json(needed(file, 'quac')).flatMap(({ data }) =>
    data.flatMap(({ paragraphs }) =>
      paragraphs.flatMap(({ context, qas }) =>
        qas.map(({ question, answers }, turn) => ({
          document: context,
          history: qas.slice(0, turn).map((asked) => ({ question: asked.question, answer: asked.orig_answer.text })),
          question,
          references: agreed(answers.map(({ text }) => text)),
        })),
      ),
    ),
  );
  const among = items.filter(({ references }) => peopleF1(references) >= 0.4);
  return { name: 'QuAC', items: among, leaveOneOut: true, scores: { F1: overlapF1 } };
}

const noAnswer = 'CANNOTANSWER';

function agreed(texts) {
  const spans = texts.filter((text) => text !== noAnswer);
  return 2 * spans.length > texts.length ? spans : [noAnswer];
}

/** Each person's F1 against all the others, on average; one alone agrees. */
const peopleF1 = (references) =>
  references.length === 1
    ? 1
    : mean(
        references.map((one, i) =>
          overlapF1(
            one,
            references.filter((_, other) => other !== i),
          ),
        ),
      );

/** DROP: passages by their ids, answered by a number, a date or spans; each reference is a list of spans, one a person. */
export function drop({ file }) {
  const items = json(needed(file, 'drop')).flatMap((passages) =>
    Object.values(passages).flatMap(({ passage, qa_pairs: pairs }) =>
      pairs.map(({ question, answer, validated_answers: others = [] }) => ({
        document: passage,
        question,
        references: [answer, ...others].map(spansOf).filter(([first = '']) => first !== ''),
      })),
    ),
  );
  return { name: 'DROP', items, scores: { 'exact match': dropExactMatch, F1: dropF1 } };
}

function spansOf({ number, spans, date: { day = '', month = '', year = '' } = {} }) {
  if (String(number ?? '') !== '') return [String(number)];
  return spans?.length > 0 ? spans : [`${day} ${month} ${year}`.trim()];
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
