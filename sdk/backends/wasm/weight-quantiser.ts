import type { ModelConfig } from '../../model/config.ts';
import type { TensorPart } from '../../model/tensor.ts';
import { type QuantisedDtype, type QuantisedRows, quantisedRowBytes } from '../../quantising/quantised-rows.ts';
import { compilePlainKernels } from './kernel-module.ts';
import { planMemory } from './memory-layout.ts';
import { createModelMemory, growModelMemory } from './model-memory.ts';
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
      new WasmModel(config, dtype, layout, memory, await compilePlainKernels(dtype, false)),
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
    const { kernels, memory } = this.#model;
    const rowBytes = quantisedRowBytes(this.#dtype, K);
    const integersBytes = shape.rows * rowBytes;
    const scalesLength = (shape.rows * K) / group;
    // Behind all weights, where a key-value cache would be.
    const integers = this.#model.layout.slots;
    const scales = integers + integersBytes;
    growModelMemory(memory, scales + 2 * scalesLength);
    kernels.unpackQuantised(weights, integers, scales, shape.rows, K, group);
    return {
      dtype: this.#dtype,
      group,
      K,
      integers: new Uint8Array(memory.buffer, integers, integersBytes).slice(),
      scales: new Uint16Array(memory.buffer, scales, scalesLength).slice(),
    };
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
