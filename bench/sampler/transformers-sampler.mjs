// The sampler of transformers.js, as its own generation calls it: temperature first, then top-k and a draw. It takes no
// notice of top_p, so where that is asked for it does less. In Node its top-k runs in the native onnxruntime.
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { installPeers } from '../cpu/peers/install.mjs';

export const transformersVersion = '4.3.1';

/** Gives a function from options to a function from a row of logits (V) to a promise of a token id. */
export async function transformersSampler() {
  const folder = resolve('.cache/bench-peers-tasks');
  installPeers(folder, { '@huggingface/transformers': transformersVersion });
  const source = join(folder, 'node_modules/@huggingface/transformers/src');
  const load = (file) => import(pathToFileURL(join(source, file)).href);
  const { LogitsSampler } = await load('generation/logits_sampler.js');
  const { TemperatureLogitsWarper } = await load('generation/logits_process.js');
  const { GenerationConfig } = await load('generation/configuration_utils.js');
  const { Tensor } = await load('utils/tensor.js');
  return ({ temperature = 1, topK = 0, topP = 1 }) => {
    const config = new GenerationConfig({ do_sample: temperature > 0, top_k: topK, top_p: topP, temperature });
    const sampler = LogitsSampler.getSampler(config);
    const warper = temperature > 0 && temperature !== 1 ? new TemperatureLogitsWarper(temperature) : undefined;
    return async (logits) => {
      // It changes the row that it is given.
      let row = new Tensor('float32', logits.slice(), [1, logits.length]);
      if (warper) row = warper._call([], row);
      const [[id]] = await sampler(row[0]);
      return Number(id);
    };
  };
}
