import type { QuantisedDtype } from '../../model/dtype.ts';
import type { QuantisedRows } from '../../model/tensor.ts';
import { compileModule } from '../../platform/compile-module.ts';
import { quantisedRowBytes } from '../../quantising/quantised-rows.ts';

type Address = WebAssembly.Global<'i32'>;

/** What wasm/unpacking/index.ts exports; the addresses change with `reserve`. */
interface UnpackingExports {
  readonly memory: WebAssembly.Memory;
  readonly input: Address;
  readonly floats: Address;
  readonly integers: Address;
  readonly scales: Address;
  reserve(bytes: number, weights: number): void;
  row(type: number, columns: number, from: number, to: number): void;
  rowIntegers(type: number, columns: number, from: number, to: number): number;
}

/** Rows of one type. */
export interface BlockShape {
  /** ggml's number. */
  readonly type: number;
  readonly rows: number;
  readonly columns: number;
  readonly bytes: number;
  /** Rows of a head, where neighbouring ones are to be put half a head apart. */
  readonly pairedRows?: number;
}

/** Rows that are unpacked; views of memory that the next block overwrites. */
export interface Block {
  /** Where the file's bytes go. */
  input(): Uint8Array;
  /** (rows, columns). */
  floats(): Float32Array;
  /** The integers as they are, scales to the nearest bf16; undefined where one is not finite. */
  integers(dtype: QuantisedDtype): QuantisedRows | undefined;
}

/** Makes rows of a GGUF file floats, or integers of ours. */
export interface Unpacker {
  block(shape: BlockShape): Block;
}

/** @param bytes the WebAssembly module of wasm/unpacking */
export async function createUnpacker(bytes: Uint8Array<ArrayBuffer>): Promise<Unpacker> {
  const module = await compileModule(bytes, 'GGUF reader');
  const wasm = (await WebAssembly.instantiate(module)).exports as unknown as UnpackingExports;
  return {
    block({ type, rows, columns, bytes: size, pairedRows: head = 0 }) {
      const weights = rows * columns;
      wasm.reserve(size, weights);
      const { buffer } = wasm.memory;
      const eachRow = (unpack: (from: number, to: number) => unknown): boolean => {
        let sound = true;
        for (let r = 0; r < rows; r++) {
          const within = head && r % head;
          // Row 2 i of a head becomes row i, row 2 i + 1 becomes row i + head / 2.
          const to = head ? r - within + (within >> 1) + (within & 1) * (head / 2) : r;
          if (unpack((size / rows) * r, to * columns) === 0) sound = false;
        }
        return sound;
      };
      return {
        input: () => new Uint8Array(buffer, wasm.input.value, size),
        floats() {
          eachRow((from, to) => wasm.row(type, columns, from, to));
          return new Float32Array(buffer, wasm.floats.value, weights);
        },
        integers(dtype) {
          if (!eachRow((from, to) => wasm.rowIntegers(type, columns, from, to))) return undefined;
          return {
            ...{ dtype, group: 32, K: columns },
            integers: new Uint8Array(buffer, wasm.integers.value, rows * quantisedRowBytes(dtype, columns)),
            scales: new Uint16Array(buffer, wasm.scales.value, weights / 32),
          };
        },
      };
    },
  };
}
