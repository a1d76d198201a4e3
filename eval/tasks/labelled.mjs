import { loadClassifier } from '../../dist/heads.js';
import { loadModel } from '../../dist/index.js';
import { fewShot, rank } from '../../dist/prompting.js';
import { accuracyRow, bootstrapRow, correlation, figure } from '../interval.mjs';
import { seeded, shuffled } from '../random.mjs';

/** Accuracy on texts with labels, by a fine-tuned head or by a prompt without or with solved examples. */
export async function evaluateLabelled(read, options) {
  const dataset = read(options);
  const examples = dataset.test.slice(0, options.limit);
  const found = options.how === 'head' ? await byHead(examples, options) : await byPrompt(dataset, examples, options);
  const rows = found.flatMap((one) => judge(dataset, examples, one));
  const labels = examples.map(({ label }) => label);
  const most = Math.max(...[...new Set(labels)].map((label) => labels.filter((other) => other === label).length));
  return [...rows, figure(dataset.name, 'most frequent label', 'accuracy', 'share', most / labels.length)];
}

function judge({ name, matthews }, examples, { subject, answers, times }) {
  const hits = answers.filter((answer, i) => answer === examples[i].label).length;
  const rows = [accuracyRow(name, subject, hits, examples.length)];
  if (matthews) {
    const pairs = answers.map((answer, i) => [Number(answer === matthews), Number(examples[i].label === matthews)]);
    rows.push(bootstrapRow(name, subject, 'Matthews correlation', '', pairs, correlation));
  }
  if (times) {
    const [median, range] = [times[times.length >> 1], [times[0], times.at(-1)]];
    rows.push(figure(name, subject, 'time per text', 'ms', median, range, times.length));
  }
  return rows;
}

async function byHead(examples, { model: source, backend, dtype }) {
  const classifier = await loadClassifier(source, { backend, dtype });
  const [answers, times] = [[], []];
  for (const { texts } of examples) {
    const [first, second] = texts;
    const started = performance.now();
    const scores = await (second === undefined
      ? classifier.classify(first)
      : classifier.entail({ premise: first, hypothesis: second }));
    times.push(performance.now() - started);
    answers.push(scores[0].label);
  }
  const subject = `${source ?? 'embedded sentiment'} ${classifier.model.backend} ${classifier.model.dtype}`;
  await classifier.dispose();
  return [{ subject, answers, times: times.sort((a, b) => a - b) }];
}

/** The likeliest label after the prompt, as it is and calibrated by the same prompt with an empty text. */
async function byPrompt({ train, prompt }, examples, { model: source, backend, dtype, shots }) {
  const model = await loadModel(source, { backend, dtype });
  const { prefixes, words } = prompt;
  if (shots > 0 && !train) throw new Error('These data have no training examples to take shots from.');
  const labels = Object.keys(words);
  const chosen = shots > 0 ? pickShots(train(), labels, shots) : [];
  const solved = chosen.map(({ texts, label }) => ({ input: texts.join('\n'), output: words[label] }));
  const build = (query) =>
    fewShot(model, { examples: solved, query, prefixes, balance: true, reserveTokens: 8 }).prompt;
  const candidates = labels.map((label) => ` ${words[label]}`);
  const answers = { plain: [], calibrated: [] };
  for (const { texts } of examples) {
    const context = build(texts.join('\n'));
    const ranked = await rank(model, {
      context,
      candidates,
      normalize: 'unconditional',
      unconditionalContext: build(''),
    });
    answers.calibrated.push(labels[ranked[0].index]);
    answers.plain.push(labels[ranked.reduce((best, one) => (one.logprob > best.logprob ? one : best)).index]);
  }
  const subject = `${source ?? 'embedded'} ${model.backend} ${model.dtype}, ${shots} shots`;
  await model.dispose();
  return Object.entries(answers).map(([way, found]) => ({ subject: `${subject}, ${way}`, answers: found }));
}

/** Solved examples, as many of each label as far as that goes. */
function pickShots(train, labels, shots) {
  const order = shuffled(train, seeded(0));
  const byLabel = labels.map((label) => order.filter((example) => example.label === label));
  return Array.from({ length: shots }, (_, i) => byLabel[i % labels.length][Math.floor(i / labels.length)]);
}
