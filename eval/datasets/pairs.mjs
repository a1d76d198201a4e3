// Two texts and a label, in the forms in which the papers' data are handed out.
import { jsonLines, lines, needed, tsv } from './rows.mjs';

const rows = (path) => (/\.jsonl?(\.gz)?$/.test(path) ? jsonLines(path) : tsv(path));
const nameOf = (file) => file.split('/').at(-1);
const inferences = { e: 'entailment', n: 'neutral', c: 'contradiction', entails: 'entailment' };
const truths = { entailment: 'true', neutral: 'neither', contradiction: 'false', not_entailment: 'false' };

/**
 * Whether a text follows from another: SNLI, MultiNLI and SciTail (`sentence1`, `sentence2`, `gold_label`), QNLI (`question`,
 * `sentence`) and RTE as in GLUE (tab-separated) or SuperGLUE, CB (`premise`, `hypothesis`) and ANLI (`context`, `hypothesis`).
 * Pairs on which the annotators did not agree (`-`) are left out.
 */
export function nli({ file }) {
  const items = rows(needed(file, 'nli'))
    .map((row) => ({
      texts: [
        row.premise ?? row.sentence1 ?? row.question ?? row.context,
        row.hypothesis ?? row.sentence2 ?? row.sentence,
      ],
      label: row.gold_label ?? row.label,
    }))
    .filter(({ label }) => label !== '-')
    .map(({ texts, label }) => ({ texts, label: inferences[label] ?? label }));
  const labels = ['entailment', 'neutral', 'contradiction', 'not_entailment'];
  const found = labels.filter((label) => items.some((item) => item.label === label));
  return {
    name: nameOf(file),
    items,
    labels: found,
    macro: found.length > 2,
    prompt: {
      write: ([premise, hypothesis]) => `${premise}\nQuestion: ${hypothesis} ${choiceOf(found.map((l) => truths[l]))}?`,
      prefixes: { input: '', output: 'Answer:' },
      words: Object.fromEntries(found.map((label) => [label, truths[label]])),
    },
  };
}

/** "true, neither or false", the first letter in upper case. */
function choiceOf(words) {
  const text = `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
  return text[0].toUpperCase() + text.slice(1);
}

/** MRPC: whether two sentences say the same (`Quality`, `#1 String`, `#2 String`, tab-separated). */
export function mrpc({ file }) {
  const items = tsv(needed(file, 'mrpc')).map((row) => ({
    texts: [row['#1 String'], row['#2 String']],
    label: row.Quality === '1' ? 'equivalent' : 'not_equivalent',
  }));
  return sameness(file, items, ['not_equivalent', 'equivalent']);
}

/** QQP: whether two questions ask the same (`question1`, `question2`, `is_duplicate`, tab-separated). */
export function qqp({ file }) {
  const items = tsv(needed(file, 'qqp')).map((row) => ({
    texts: [row.question1, row.question2],
    label: row.is_duplicate === '1' ? 'duplicate' : 'not_duplicate',
  }));
  return sameness(file, items, ['not_duplicate', 'duplicate']);
}

function sameness(file, items, labels) {
  return {
    name: nameOf(file),
    items,
    labels,
    positive: labels[1],
    metrics: ['F1'],
    // Neither text comes first by nature: GPT reads both orders and adds.
    symmetric: true,
    prompt: {
      write: ([a, b]) => `1. ${a}\n2. ${b}`,
      prefixes: { input: '', output: 'Same meaning, yes or no?' },
      words: { [labels[0]]: 'no', [labels[1]]: 'yes' },
    },
  };
}

/** STS-B: how much two sentences mean the same, 0 to 5; as GLUE has it (a header), or the benchmark itself (none). */
export function stsb({ file }) {
  const path = needed(file, 'sts-b');
  const rows = lines(path).map((line) => line.split('\t').map((field) => field.trim()));
  const header = rows[0][0] === 'index' ? rows.shift() : undefined;
  const [a, b, score] = header ? ['sentence1', 'sentence2', 'score'].map((name) => header.indexOf(name)) : [5, 6, 4];
  return {
    name: nameOf(file),
    items: rows.map((row) => ({ texts: [row[a], row[b]], relatedness: Number(row[score]) })),
  };
}
