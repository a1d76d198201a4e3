import { compileModule } from '../../platform/compile-module.ts';

type Address = WebAssembly.Global<'i32'>;

/** `head`: rows of a head, where neighbouring ones are to be put half a head apart, or 0. */
type Unpack<Result> = (type: number, rows: number, columns: number, bytes: number, head: number) => Result;

/** What wasm/unpacking/index.ts exports: blocks of a GGUF file to floats and integers. The addresses change with `reserve`. */
export interface Unpacker {
  readonly memory: WebAssembly.Memory;
  readonly input: Address;
  readonly floats: Address;
  readonly integers: Address;
  readonly scales: Address;
  reserve(bytes: number, weights: number): void;
  readonly unpack: Unpack<void>;
  /** Of Q8_0 and Q4_0; 0 where a scale is not finite. */
  readonly unpackIntegers: Unpack<number>;
}

/** @param bytes the WebAssembly module of wasm/unpacking */
export const createUnpacker = async (bytes: Uint8Array<ArrayBuffer>): Promise<Unpacker> =>
  (await WebAssembly.instantiate(await compileModule(bytes, 'GGUF reader'))).exports as unknown as Unpacker;
