import { loadModel } from '../../dist/index.js';
import { accuracyRow } from '../interval.mjs';
import { pickShots, splitShots } from '../shots.mjs';

// Plain greedy decoding, whatever the checkpoint prefers.
const greedy = { temperature: 0, repetitionPenalty: 1, noRepeatNgramSize: 0, maxNewTokens: 16, stop: ['\n'] };

/** Share of texts that are continued to the letter, greedily. `read` gives one dataset or several. */
export async function evaluateCompletions(read, options) {
  const { model: source, backend, dtype, shots } = options;
  const model = await loadModel(source, { backend, dtype });
  const subject = `${source ?? 'embedded'} ${model.backend} ${model.dtype}, ${shots} shots`;
  const rows = [];
  for (const index of read(options).keys()) {
    const { dataset, asked, pool } = splitShots((from) => read(from)[index], options);
    const examples = pickShots(pool, shots).map(({ context, completion }) => context + completion);
    let hits = 0;
    for (const { context, completion } of asked) {
      const { text } = await model.generate(prompt(model, dataset.instruction, examples, context), greedy);
      if (text.trim() === completion.trim()) hits++;
    }
    rows.push(accuracyRow(dataset.name, subject, hits, asked.length));
  }
  await model.dispose();
  return rows;
}

/** The instruction, as many of the newest examples as the context holds, and what is asked. */
function prompt({ tokenizer, config }, instruction, examples, context) {
  const build = (first) => (instruction + examples.slice(first).join('') + context).trimStart();
  let first = 0;
  while (first < examples.length && tokenizer.count(build(first)) > config.nCtx - greedy.maxNewTokens) first++;
  return build(first);
}
