import { compilePlainKernels, type KernelExports } from '../backends/wasm/kernel-module.ts';
import { blockBytes } from '../backends/wasm/memory-layout.ts';
import { createModelMemory, growModelMemory } from '../backends/wasm/model-memory.ts';
import { type QuantisedDtype, type QuantisedRows, quantisedRowBytes } from './quantised-rows.ts';

/** Rows of a block of wasm/kernels/pack.ts. */
export const rowsOfBlock = 16;

/**
 * Quantises up to 16 rows (n, K) of floats, of which `group` inputs share a scale. Returns views that the next call
 * overwrites, or the number of a row that holds a value which is not finite.
 */
export type QuantiseRows = (rows: Float32Array, K: number, group: number) => QuantisedRows | number;

/** Where pack.ts has its tile, and where the rows come behind it. */
const scratch = 4096;
const input = scratch + 128 + rowsOfBlock * 128 * 4;

const quantisers: { [dtype in QuantisedDtype]?: Promise<QuantiseRows> } = {};

/**
 * Quantises by the kernels of the WASM engine, for whoever keeps rows in another order, so that all run the same model. One
 * a thread and dtype, whose memory holds 16 rows.
 */
export const rowQuantiser = (dtype: QuantisedDtype): Promise<QuantiseRows> =>
  (quantisers[dtype] ??= openQuantiser(dtype).catch((error) => {
    quantisers[dtype] = undefined;
    throw error;
  }));

async function openQuantiser(dtype: QuantisedDtype): Promise<QuantiseRows> {
  const memory = createModelMemory(1, false);
  const { module } = await compilePlainKernels(dtype, false);
  const kernels = new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as KernelExports;
  return (rows, K, group) => {
    const n = rows.length / K;
    const groups = (n * K) / group;
    const integersBytes = n * quantisedRowBytes(dtype, K);
    const block = input + rows.byteLength;
    const integers = block + blockBytes(dtype, K, group);
    const scales = integers + integersBytes;
    growModelMemory(memory, scales + 2 * groups);
    const { buffer } = memory;
    new Float32Array(buffer, input).set(rows);
    const bad = kernels.packRows(input, K * 4, 4, 0, n, K, block, K, group, scratch);
    if (bad >= 0) return bad;
    kernels.unpackQuantised(block, integers, scales, n, K, group);
    return {
      dtype,
      group,
      K,
      integers: new Uint8Array(buffer, integers, integersBytes),
      scales: new Uint16Array(buffer, scales, groups),
    };
  };
}
