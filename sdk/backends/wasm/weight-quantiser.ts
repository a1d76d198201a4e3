import type { ModelConfig } from '../../model/config.ts';
import { type QuantisedDtype, type QuantisedRows, quantisedRowBytes } from '../../model/quantised-rows.ts';
import type { TensorPart } from '../../model/tensor.ts';
import { loadKernelModule } from './kernel-module.ts';
import { planMemory } from './memory-layout.ts';
import { createModelMemory } from './model-memory.ts';
import { WasmModel } from './wasm-model.ts';
import { WeightPacker } from './weight-packer.ts';

/** Quantises a model as this engine does while loading it, and gives the result back row by row, for a file. */
export class WeightQuantiser {
  readonly #model: WasmModel;
  readonly #packer: WeightPacker;
  readonly #dtype: QuantisedDtype;

  private constructor(model: WasmModel, dtype: QuantisedDtype) {
    this.#model = model;
    this.#packer = new WeightPacker(model);
    this.#dtype = dtype;
  }

  /** @throws GptletError OUT_OF_MEMORY, UNSUPPORTED_PLATFORM */
  static async create(config: ModelConfig, dtype: QuantisedDtype): Promise<WeightQuantiser> {
    const layout = planMemory(config, dtype, 1);
    const memory = createModelMemory(layout.totalBytes, false);
    return new WeightQuantiser(
      new WasmModel(config, dtype, layout, memory, await loadKernelModule(dtype, false)),
      dtype,
    );
  }

  set(part: TensorPart): void {
    this.#packer.set(part);
  }

  /** @throws GptletError BAD_CHECKPOINT unless every weight came */
  finish(): void {
    this.#packer.finish();
  }

  /** A matrix, quantised. */
  quantised(name: string): QuantisedRows {
    const { group, K, weights, shape } = this.#model.matrix(name);
    const dtype = this.#dtype;
    const rowBytes = quantisedRowBytes(dtype, K);
    const integers = new Uint8Array(shape.rows * rowBytes);
    const scales = new Uint16Array((shape.rows * K) / group);
    const { kernels, memory } = this.#model;
    const { buffer } = memory;
    const flip = kernels.byteProduct() > 0 ? 0x80 : 0;
    const blockBytes = dtype === 'q8' ? (K / group) * (16 * group + 32) : (K / 32) * 288;
    for (let row = 0; row < shape.rows; row++) {
      const block = new Uint8Array(buffer, weights + (row >> 4) * blockBytes, blockBytes);
      const integersOfRow = integers.subarray(row * rowBytes, (row + 1) * rowBytes);
      const scalesOfRow = scales.subarray((row * K) / group, ((row + 1) * K) / group);
      if (dtype === 'q8') unpackRow8(block, row & 15, group, integersOfRow, scalesOfRow, flip);
      else unpackRow4(block, row & 15, integersOfRow, scalesOfRow);
    }
    return { dtype, group, K, integers, scales };
  }

  /** A vector or the position embedding, (rows, columns). */
  plain(name: string): Float32Array {
    const rows = this.#model.rows(name);
    if (!rows) throw new RangeError(`no weight is called ${name}`);
    const { address, stride, shape } = rows;
    const data = new Float32Array(shape.rows * shape.columns);
    for (let r = 0; r < shape.rows; r++) {
      data.set(this.#model.floats(address + r * stride * 4, shape.columns), r * shape.columns);
    }
    return data;
  }
}

/** The inverse of wasm/kernels/pack-q8.ts. */
function unpackRow8(
  block: Uint8Array,
  lane: number,
  group: number,
  integers: Uint8Array,
  scales: Uint16Array,
  flip: number,
): void {
  const groupBytes = 16 * group + 32;
  for (let k = 0; k < integers.length; k++) {
    const start = Math.floor(k / group) * groupBytes;
    integers[k] = block[start + ((k % group) >> 2) * 64 + lane * 4 + (k & 3)] ^ flip;
  }
  for (let g = 0; g < scales.length; g++) scales[g] = scaleAt(block, g * groupBytes + 16 * group + 2 * lane);
}

/** The inverse of wasm/kernels/pack-q4.ts. */
function unpackRow4(block: Uint8Array, lane: number, integers: Uint8Array, scales: Uint16Array): void {
  const words = new DataView(block.buffer, block.byteOffset, block.byteLength);
  const nibble = (k: number): number => {
    const word = words.getUint32((k >> 5) * 288 + ((lane & 3) << 2) + ((k & 31) >> 3) * 64 + ((k & 7) >> 1) * 16, true);
    return ((word >>> ((k & 1) * 16 + (lane >> 2) * 4)) & 15) ^ (lane < 12 ? 0 : 8);
  };
  for (let at = 0; at < integers.length; at++) {
    const k = (at >> 2) * 8 + (at & 3);
    integers[at] = nibble(k) | (nibble(k + 4) << 4);
  }
  for (let g = 0; g < scales.length; g++) scales[g] = scaleAt(block, g * 288 + 256 + 2 * lane);
}

const scaleAt = (block: Uint8Array, at: number): number => block[at] | (block[at + 1] << 8);
