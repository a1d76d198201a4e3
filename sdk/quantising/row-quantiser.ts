import type { QuantisedDtype } from '../model/dtype.ts';
import type { QuantisedRows } from '../model/tensor.ts';
import { compileModule } from '../platform/compile-module.ts';
import { quantisedRowBytes } from './quantised-rows.ts';

type Address = WebAssembly.Global<'i32'>;

/** What wasm/quantising/index.ts exports; the addresses change with `reserve`. */
interface QuantisingExports {
  readonly memory: WebAssembly.Memory;
  readonly rowBuffer: Address;
  readonly integers: Address;
  readonly scales: Address;
  reserve(K: number): void;
  quantise8(rows: number, K: number, group: number): number;
  quantise4(rows: number, K: number): number;
}

/** Gives the bytes of the WebAssembly module that quantises; a worker has its page do it. */
export type LoadQuantiser = () => Promise<Uint8Array<ArrayBuffer>>;

/** Most rows at once. */
export const mostRows = 16;

/**
 * Quantises up to 16 rows (n, K) of floats, of which `group` inputs share a scale; 32 in q4. Returns views that the next call
 * overwrites, or the number of a row that holds a value which is not finite.
 */
export type QuantiseRows = (
  dtype: QuantisedDtype,
  rows: Float32Array,
  K: number,
  group: number,
) => QuantisedRows | number;

let opened: Promise<QuantiseRows> | undefined;

/** What quantises in this thread, compiled once. The CPU's engine packs weights to the same integers while loading. */
export const rowQuantiser = (load: LoadQuantiser): Promise<QuantiseRows> =>
  (opened ??= openQuantiser(load).catch((error) => {
    opened = undefined;
    throw error;
  }));

async function openQuantiser(load: LoadQuantiser): Promise<QuantiseRows> {
  const module = await compileModule(await load(), 'quantiser');
  const wasm = (await WebAssembly.instantiate(module)).exports as unknown as QuantisingExports;
  return (dtype, rows, K, group) => {
    const n = rows.length / K;
    wasm.reserve(K);
    const { buffer } = wasm.memory;
    new Float32Array(buffer, wasm.rowBuffer.value).set(rows);
    const bad = dtype === 'q8' ? wasm.quantise8(n, K, group) : wasm.quantise4(n, K);
    if (bad >= 0) return bad;
    const integers = new Uint8Array(buffer, wasm.integers.value, n * quantisedRowBytes(dtype, K));
    return { dtype, group, K, integers, scales: new Uint16Array(buffer, wasm.scales.value, (n * K) / group) };
  };
}
