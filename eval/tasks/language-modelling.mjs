import { readFileSync } from 'node:fs';
import { loadModel } from '../../dist/index.js';

/** Perplexity and bits per byte over a file whose documents are separated by a line holding <|endoftext|>. */
export async function evaluate({ model: source, dtype, backend, data, file, limit }) {
  const path = file ?? `${data}/pretrain/tinystories-valid.txt`;
  const documents = readFileSync(path, 'utf8')
    .split('<|endoftext|>')
    .map((document) => document.trim())
    .filter((document) => document !== '')
    .slice(0, limit);
  const model = await loadModel(source, { backend, dtype });
  let logprob = 0;
  let tokens = 0;
  let bytes = 0;
  const utf8 = new TextEncoder();
  for (const document of documents) {
    const score = await model.score(document);
    logprob += score.logprob;
    tokens += score.tokens.length;
    // Every byte of the document counts, also those of a first token without a probability.
    bytes += utf8.encode(document).length;
  }
  const subject = `${source ?? 'embedded'} ${model.backend} ${model.dtype}`;
  await model.dispose();
  const row = (metric, unit, value) => ({
    suite: 'eval',
    case: path.split('/').at(-1),
    subject,
    metric,
    unit,
    median: value,
    min: value,
    max: value,
    runs: 1,
  });
  return [
    row('bits per byte', 'bit', -logprob / Math.LN2 / bytes),
    row('perplexity', 'per token', Math.exp(-logprob / tokens)),
    row('documents', 'count', documents.length),
  ];
}
