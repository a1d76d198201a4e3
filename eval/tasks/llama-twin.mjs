import { readFileSync } from 'node:fs';
import { figure } from '../interval.mjs';
import { evaluate as evaluateText } from './language-modelling.mjs';

const folder = 'fixtures/llama-twin';

/** What gptlet makes of a trained model in Llama's layout, beside what PyTorch computes of the same weights in f32. */
export async function evaluate({ backend, data, dtype }) {
  const { heldOut } = JSON.parse(readFileSync(`${folder}/pytorch.json`, 'utf8'));
  const rows = await evaluateText({ model: folder, backend, data, dtype });
  const found = (metric) => rows.find((row) => row.metric === metric);
  const documents = found('documents').median;
  if (documents !== heldOut.documents)
    throw new Error(`${documents} documents, where PyTorch was given ${heldOut.documents}: --data holds another text.`);
  const { case: name, subject, median } = found('perplexity');
  const pytorch = (metric, unit, value) => figure(name, `${folder} PyTorch f32`, metric, unit, value);
  return [
    ...rows,
    figure(name, subject, 'perplexity above PyTorch’s', '%', 100 * (median / heldOut.perplexity - 1)),
    pytorch('bits per byte', 'bit', heldOut.bitsPerByte),
    pytorch('perplexity', 'per token', heldOut.perplexity),
  ];
}
