// One round of what a token costs in a long context, in a page or in Node: a few layers of the shape of Qwen2.5-0.5B, seeded.
import * as backend from '../../../build/sdk/backends/wasm/index.js';
import * as tensor from '../../../build/sdk/model/weight-shapes.js';
import { seededEngine } from '../../gpu/seeded-model.mjs';
import { shapes } from '../../models/shapes.mjs';

/** Tokens of a prefill, and positions of the tokens after it. */
export const lengths = [128, 4096, 16384];

const perLayer = (value) => [value, value];
/** Qwen2.5-0.5B's own sizes in two of its 24 layers, with a small vocabulary: only what a layer costs is asked. */
const config = {
  ...shapes['smollm2-135m'].config,
  ...{ architecture: 'qwen2', nLayer: 2, nHead: 14, nKvHead: 2, headSize: 64, nEmbd: 896, nInner: 4864 },
  ...{ nCtx: 16384 + 64, vocabSize: 1024, normEpsilon: 1e-6, biases: ['attention.qkv'] },
  rotary: perLayer({ size: 64, base: 1e6 }),
  blockKind: perLayer('attention'),
  attentionWindow: perLayer(0),
  attentionScale: perLayer(1 / 8),
};

/** Returns measure(longest): milliseconds a token and layer, by metric, of one round. */
export async function open(dtype, threads) {
  const create = { createWebGpuEngineBuilder: backend.createWasmEngineBuilder };
  const engine = await seededEngine(create, tensor, config, { dtype, threads });
  const ids = Uint32Array.from({ length: config.nCtx }, (_, i) => Math.imul(i, 7919) % config.vocabSize);
  const time = async (from, to) => {
    const start = performance.now();
    // All hidden states: else the last layer leaves keys and values only, which is half of two.
    await engine.forward(ids.subarray(from, to), from, { logits: 'none', hidden: 'all' });
    return performance.now() - start;
  };
  return async (longest) => {
    const found = [];
    let position = 0;
    let total = 0;
    // One text, so that what stands before is computed once; short ones several times.
    for (const length of lengths.filter((length) => length <= longest)) {
      if (position === 0) {
        const times = [];
        for (let i = 0; i < 9; i++) times.push(await time(0, length));
        total = times.sort((a, b) => a - b)[4];
      } else total += await time(position, length - 128);
      if (position > 0) {
        const last = await time(length - 128, length);
        total += last;
        found.push([`prefill at ${length.toLocaleString('en')}, a token and layer`, last / 128 / config.nLayer]);
      }
      position = length;
      found.push([`prefill of ${length.toLocaleString('en')}, a token and layer`, total / length / config.nLayer]);
      const times = [];
      for (let i = 0; i < 15; i++) times.push(await time(length + i, length + i + 1));
      found.push([
        `decode at ${length.toLocaleString('en')}, a token and layer`,
        times.sort((a, b) => a - b)[7] / config.nLayer,
      ]);
    }
    return found;
  };
}
