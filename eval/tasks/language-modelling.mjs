import { readFileSync } from 'node:fs';
import { loadModel } from '../../dist/index.js';
import { detokenize } from '../detokenizers.mjs';
import { figure } from '../interval.mjs';

/**
 * Perplexity and bits per byte over a file whose documents are separated by a line holding <|endoftext|>; a file without
 * one is one document, scored in windows. With a de-tokeniser also the perplexity per word of the file as it is, which is
 * what benchmarks of spaced-out words report.
 */
export async function evaluate({ model: source, dtype, backend, data, file, detokenizer, limit }) {
  const path = file ?? `${data}/pretrain/tinystories-valid.txt`;
  const documents = readFileSync(path, 'utf8')
    .split('<|endoftext|>')
    .map((document) => document.trim())
    .filter((document) => document !== '')
    .slice(0, limit);
  const model = await loadModel(source, { backend, dtype });
  let [logprob, tokens, bytes, words] = [0, 0, 0, 0];
  for (const document of documents) {
    const score = await model.score(detokenizer ? detokenize(document, detokenizer) : document);
    logprob += score.logprob;
    tokens += score.tokens.length;
    // Every byte of the document counts, also those of a first token without a probability.
    bytes += Buffer.byteLength(document);
    // A line's end is a word of its own in these benchmarks.
    words += document.split(/[^\S\n]+|(?=\n)/).filter((word) => word !== '').length;
  }
  const subject = `${source ?? 'embedded'} ${model.backend} ${model.dtype}`;
  await model.dispose();
  const row = (metric, unit, value) => figure(path.split('/').at(-1), subject, metric, unit, value);
  return [
    row('bits per byte', 'bit', -logprob / Math.LN2 / bytes),
    row('perplexity', 'per token', Math.exp(-logprob / tokens)),
    ...(detokenizer ? [row('perplexity', 'per word', Math.exp(-logprob / words))] : []),
    row('documents', 'count', documents.length),
  ];
}
