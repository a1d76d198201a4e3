// gptlet's tokenizer and its peers with the GPT-2 vocabulary, in one process, taking turns.
// Usage: npm run bench -- tokenizer [--rounds N], or with --differential the long test of differential.mjs
import { loadavg } from 'node:os';
import { restoreTokenizer, snapshotTokenizer } from '../../build/sdk/tokenizer/snapshot.js';
import { createTokenizer } from '../../build/sdk/tokenizer.js';
import { files, makeSubjects } from './subjects.mjs';
import { chinese, code, emoji, english, hard, mixed } from './texts.mjs';

const suite = 'tokenizer';

function summary(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return { median: sorted[sorted.length >> 1], min: sorted[0], max: sorted.at(-1), runs: sorted.length };
}

function time(action) {
  const start = performance.now();
  action();
  return performance.now() - start;
}

/** Times every subject `rounds` times in turns; milliseconds by subject, the first round left out. */
function takeTurns(subjects, rounds, prepare, action) {
  const times = new Map(subjects.map((subject) => [subject, []]));
  for (let round = 0; round <= rounds; round++) {
    for (let i = 0; i < subjects.length; i++) {
      // Another one begins each round, so that none always follows the same neighbour.
      const subject = subjects[(i + round) % subjects.length];
      prepare(subject);
      const elapsed = time(() => action(subject));
      if (round > 0) times.get(subject).push(elapsed);
    }
  }
  return times;
}

function speedRows(name, metric, times, bytes) {
  const rows = [];
  for (const [subject, values] of times) {
    rows.push({
      suite,
      case: name,
      subject: subject.name,
      metric,
      unit: 'MB/s',
      ...summary(values.map((ms) => bytes / 1000 / ms)),
    });
  }
  const best = rows.slice(1).reduce((a, b) => (b.median > a.median ? b : a));
  rows.push({ suite, case: name, subject: `gptlet ÷ ${best.subject}`, metric, unit: '×', ...ratio(rows[0], best) });
  return rows;
}

function ratio(own, best) {
  return { median: own.median / best.median, min: own.min / best.max, max: own.max / best.min, runs: own.runs };
}

function peers(subjects, rounds) {
  const rows = [];
  for (const [name, { source, text }] of Object.entries({
    English: english(),
    code: code(),
    Chinese: chinese(),
    emoji: emoji(),
    mixed: mixed(),
  })) {
    const bytes = Buffer.byteLength(text);
    console.error(`${name}: ${(bytes / 1e6).toFixed(2)} MB (${source})`);
    const expected = subjects[0].encode(text).join();
    // A peer that gives other ids is still timed, but said.
    for (const subject of subjects) {
      if (Array.from(subject.encode(text)).join() !== expected)
        console.error(`  ${subject.name} gives other ids for this text`);
    }
    const ids = new Map(subjects.map((subject) => [subject, subject.encode(text)]));
    rows.push(
      ...speedRows(
        name,
        'encode, caches empty',
        takeTurns(
          subjects,
          rounds,
          (s) => s.cool(),
          (s) => s.encode(text),
        ),
        bytes,
      ),
    );
    rows.push(
      ...speedRows(
        name,
        'encode, caches warm',
        takeTurns(
          subjects,
          rounds,
          () => {},
          (s) => s.encode(text),
        ),
        bytes,
      ),
    );
    rows.push(
      ...speedRows(
        name,
        'decode',
        takeTurns(
          subjects,
          rounds,
          () => {},
          (s) => s.decode(ids.get(s)),
        ),
        bytes,
      ),
    );
  }
  return rows;
}

function scaling(own, rounds) {
  const rows = [];
  for (const [name, make] of Object.entries(hard)) {
    const texts = [make(1), make(2)];
    const times = [[], []];
    for (let round = 0; round <= rounds; round++) {
      for (const [i, text] of texts.entries()) {
        const elapsed = time(() => own.encode(text));
        if (round > 0) times[i].push(elapsed);
      }
    }
    const [one, two] = times.map(summary);
    rows.push({ suite, case: name, subject: 'gptlet', metric: 'encode', unit: 'ms', ...one });
    // The fastest of each: what else runs on the machine only ever adds time.
    const growth = two.min / one.min;
    const row = { suite, case: name, subject: 'gptlet', metric: 'twice the text ÷ once (fastest)', unit: '×' };
    rows.push({ ...row, median: growth, min: growth, max: growth, runs: two.runs });
  }
  return rows;
}

async function making(rounds) {
  const created = [];
  const restored = [];
  for (let round = 0; round <= rounds; round++) {
    const start = performance.now();
    const tokenizer = await createTokenizer(files);
    const elapsed = performance.now() - start;
    const snapshot = snapshotTokenizer(tokenizer);
    const again = time(() => restoreTokenizer(snapshot));
    if (round > 0) {
      created.push(elapsed);
      restored.push(again);
    }
  }
  const row = (metric, values) => ({
    suite,
    case: 'GPT-2 vocabulary',
    subject: 'gptlet',
    metric,
    unit: 'ms',
    ...summary(values),
  });
  return [row('create from vocab.json and merges.txt', created), row('restore from a snapshot', restored)];
}

/** Runs the benchmark; gives rows `{ suite, case, subject, metric, unit, median, min, max, runs }`. */
export default async function run(args = []) {
  if (args.includes('--differential')) return (await import('./differential.mjs')).default(args);
  const at = args.indexOf('--rounds');
  const rounds = at < 0 ? 9 : Number(args[at + 1]);
  console.error(`load before: ${loadavg()[0].toFixed(1)} (figures are only as quiet as the machine)`);
  const subjects = await makeSubjects();
  const rows = [...(await making(rounds)), ...peers(subjects, rounds), ...scaling(subjects[0], rounds)];
  console.error(`load after: ${loadavg()[0].toFixed(1)}`);
  for (const { case: name, subject, metric, median, unit, min, max } of rows) {
    const show = (value) => value.toFixed(value < 10 ? 2 : 1);
    console.log(
      `${name.padEnd(24)} ${metric.padEnd(38)} ${subject.padEnd(42)} ${show(median).padStart(8)} ${unit.padEnd(5)} (${show(min)}–${show(max)})`,
    );
  }
  return rows;
}
