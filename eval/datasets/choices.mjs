// Multiple choice: { question or context, answers, answer }, or { pairs: [{ context, continuation }], answer }, where the likeliest is
// chosen. `answer` is the right one's index, or several.
import { readFileSync } from 'node:fs';
import { jsonLines, needed } from './rows.mjs';

const lowerFirst = (text) => text[0].toLowerCase() + text.slice(1);

/** Plain text of one XML element in `xml`, entities resolved; these files have no deeper structure. */
function element(xml, name) {
  const found = new RegExp(`<${name}>([\\s\\S]*?)</${name}>`).exec(xml)?.[1] ?? '';
  return found
    .replace(/&(amp|lt|gt|quot|apos);/g, (_, entity) => ({ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" })[entity])
    .replace(/\s+/g, ' ')
    .trim();
}

/** COPA (XML): the premise, "because" or "so", one of two. */
export function copa({ data, file }) {
  const xml = readFileSync(file ?? `${data}/finetune/copa/dev.xml`, 'utf8');
  const items = [
    ...xml.matchAll(/<item [^>]*asks-for="(\w+)" most-plausible-alternative="(\d)"[^>]*>([\s\S]*?)<\/item>/g),
  ];
  return {
    name: 'COPA',
    // There is no training file: shots are the first 32, or half of fewer, which are then not asked.
    solved: Math.min(32, items.length >> 1),
    items: items.map(([, asksFor, plausible, body]) => {
      const context = `${element(body, 'p').replace(/\.$/, '')} ${asksFor === 'cause' ? 'because' : 'so'}`;
      const answers = ['a1', 'a2'].map((name) => lowerFirst(element(body, name)));
      return { context, answers, answer: Number(plausible) - 1, unconditional: asksFor === 'cause' ? 'because' : 'so' };
    }),
  };
}

/** ARC, and OpenBookQA (JSON lines, the official form or `{ question, choices, answer }`): the question, then one of about four. */
export function arc({ data, file }) {
  const read = (path) =>
    jsonLines(path).map(({ question, choices, answer, answerKey }) => {
      const answers = choices ?? question.choices.map(({ text }) => text);
      const index = answer ?? question.choices.findIndex(({ label }) => label === answerKey);
      return { question: question.stem ?? question, answers, answer: index };
    });
  return {
    name: file ? 'ARC' : 'ARC-Easy dev',
    prefixes: { input: 'Question: ', output: 'Answer:' },
    train: file ? undefined : () => read(`${data}/finetune/arc-easy-train.jsonl`),
    items: read(file ?? `${data}/finetune/arc-easy-dev.jsonl`),
  };
}

/** Any choices, as JSON lines of `{ context, answers, answer }` with the right one's index. */
export function choices({ file }) {
  return { name: needed(file, 'choices').split('/').at(-1), items: jsonLines(file) };
}

/** HellaSwag (JSON lines): the context, then one of four endings. */
export function hellaswag({ file }) {
  const items = jsonLines(needed(file, 'hellaswag')).map(({ ctx, endings, label }) => ({
    context: ctx,
    answers: endings,
    answer: Number(label),
  }));
  return { name: 'HellaSwag', items };
}

/**
 * Winograd schemas: the XML of the Winograd Schema Challenge, or JSON lines as Winogrande's (`sentence` with `_`). Scored in
 * part: what follows the pronoun, given the sentence with a candidate in its place (Trinh and Le, 2018; GPT-2, GPT-3).
 */
export function winograd({ file }) {
  const path = needed(file, 'winograd');
  const item = (before, after, answers, answer) => ({
    pairs: answers.map((candidate) => ({ context: `${before} ${candidate}`.trim(), continuation: ` ${after}` })),
    answer,
  });
  if (!path.endsWith('.xml')) {
    const items = jsonLines(path).map(({ sentence, option1, option2, answer }) => {
      const [before, after] = sentence.split('_');
      return item(before.trim(), after.trim(), [option1, option2], Number(answer) - 1);
    });
    return { name: 'Winogrande', items };
  }
  const schemas = readFileSync(path, 'utf8').match(/<schema>[\s\S]*?<\/schema>/g) ?? [];
  const items = schemas.map((schema) => {
    const answers = [...schema.matchAll(/<answer>[\s\S]*?<\/answer>/g)].map(([xml]) => element(xml, 'answer'));
    const correct = element(schema, 'correctAnswer').charCodeAt(0) - 65;
    return item(element(schema, 'txt1'), element(schema, 'txt2'), answers, correct);
  });
  return { name: 'Winograd', items };
}
