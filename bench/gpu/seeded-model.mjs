// Models with weights made in place: shapes are what is measured, and no checkpoint has to be there.
import { paperConfig } from '../../build/sdk/model/paper-config.js';

/** The config of a GPT-2 of some shape. */
export function shape({ nLayer, nHead, nEmbd, nCtx = 1024, vocabSize = 50257 }) {
  return {
    ...paperConfig({ nLayer, nHead, nEmbd, nCtx }),
    architecture: 'gpt2',
    nLayer,
    nHead,
    nEmbd,
    nInner: 4 * nEmbd,
    nCtx,
    vocabSize,
    activation: 'gelu_new',
    normEpsilon: 1e-5,
    normPlacement: 'pre',
    finalNorm: true,
    tiedHead: true,
    eosTokenIds: [],
  };
}

/** GPT-2's own 124 M parameters, and a twelve-layer model that any adapter gets through. */
export const shapes = {
  '124M': shape({ nLayer: 12, nHead: 12, nEmbd: 768 }),
  small: shape({ nLayer: 12, nHead: 4, nEmbd: 64, nCtx: 256, vocabSize: 1000 }),
};

/** An engine with seeded weights. `webgpu` is the module of the backend, `tensor` the one of the weight shapes. */
export async function seededEngine({ createWebGpuEngineBuilder }, tensor, config, options) {
  const builder = await createWebGpuEngineBuilder(config, options);
  await setSeeded(builder, tensor, config);
  return builder.finish();
}

/** Gives a builder of an engine seeded weights. */
export async function setSeeded(builder, { weightShapes }, config) {
  // A megabyte of numbers, used over and over: generating 124 M of them would be most of the time.
  let state = 1;
  const pool = Float32Array.from({ length: 2 ** 18 + 4096 }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state / 2 ** 31 - 1) * 0.05;
  });
  for (const { name, rows, columns } of weightShapes(config)) {
    const step = Math.max(1, Math.floor(2 ** 18 / columns));
    for (let rowOffset = 0; rowOffset < rows; rowOffset += step) {
      const count = Math.min(step, rows - rowOffset);
      const from = (rowOffset * 31) % 4096;
      const data = /norm.*weight$/i.test(name)
        ? new Float32Array(columns).fill(1)
        : pool.subarray(from, from + count * columns);
      await builder.setTensor({ name, rowOffset, rows: count, columns, rowStride: columns, columnStride: 1, data });
    }
  }
}
