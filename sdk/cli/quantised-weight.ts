import { type FileTensor, type WeightStorage, weightStorage } from '../checkpoint/quantised-format.ts';
import type { QuantisedDtype } from '../model/dtype.ts';
import type { TensorPart } from '../model/tensor.ts';
import { unusableWeight } from '../model/unusable-weight.ts';
import type { WeightShape } from '../model/weight-shapes.ts';
import { gatherRows, quantisePart } from '../quantising/quantise-part.ts';
import { quantisedRowBytes } from '../quantising/quantised-rows.ts';
import type { QuantiseRows } from '../quantising/row-quantiser.ts';

/** One tensor of the file that is written, and its bytes. */
export interface FilledTensor {
  readonly tensor: FileTensor;
  readonly bytes: Uint8Array;
}

/** One weight on its way into a quantised file, in the form that the file gives it. */
export class QuantisedWeight {
  readonly tensors: readonly FilledTensor[];
  readonly #dtype: QuantisedDtype;
  readonly #storage: WeightStorage;

  constructor(shape: WeightShape, dtype: QuantisedDtype) {
    const { rows, columns } = shape;
    const storage = weightStorage(shape, dtype);
    this.#dtype = dtype;
    this.#storage = storage;
    if ('plain' in storage) this.tensors = [{ tensor: storage.plain, bytes: new Uint8Array(rows * columns * 4) }];
    else {
      const { scales, integers, group, K } = storage;
      // Scales first, so that a reader has them when the integers come.
      this.tensors = [
        { tensor: scales, bytes: new Uint8Array(((rows * K) / group) * 2) },
        { tensor: integers, bytes: new Uint8Array(rows * quantisedRowBytes(dtype, K)) },
      ];
    }
  }

  /** @throws GptletError BAD_CHECKPOINT for a value that is not finite */
  take(part: TensorPart, quantise: QuantiseRows): void {
    const { rowOffset, rows, columns } = part;
    const [first, second] = this.tensors.map(({ bytes }) => bytes);
    const storage = this.#storage;
    if ('plain' in storage) {
      const floats = new Float32Array(first.buffer, rowOffset * columns * 4, rows * columns);
      gatherRows(part, 0, floats, columns);
      const bad = floats.findIndex((value) => !Number.isFinite(value));
      if (bad >= 0) throw unusableWeight(part, Math.floor(bad / columns));
      return;
    }
    const { group, K } = storage;
    const scales = new Uint16Array(first.buffer);
    quantisePart(part, 0, rows, { dtype: this.#dtype, group, K }, quantise, (made, at) => {
      second.set(made.integers, (rowOffset + at) * quantisedRowBytes(this.#dtype, K));
      scales.set(made.scales, ((rowOffset + at) * K) / group);
    });
  }
}
