import type { ModelConfig } from '../../model/config.ts';
import { type TensorPart, weightShapes } from '../../model/tensor.ts';

/** Collects tensor parts into whole row-major f32 matrices by canonical name. */
export class ReferenceWeights {
  readonly #tensors = new Map<string, Float32Array>();
  readonly #columns = new Map<string, number>();

  constructor(config: ModelConfig) {
    for (const { name, rows, columns } of weightShapes(config)) {
      this.#tensors.set(name, new Float32Array(rows * columns));
      this.#columns.set(name, columns);
    }
  }

  set(part: TensorPart): void {
    const target = this.get(part.name);
    const columns = this.#columns.get(part.name) as number;
    for (let r = 0; r < part.rows; r++) {
      for (let c = 0; c < part.columns; c++) {
        target[(part.rowOffset + r) * columns + c] = part.data[r * part.rowStride + c * part.columnStride];
      }
    }
  }

  get(name: string): Float32Array {
    const tensor = this.#tensors.get(name);
    if (!tensor) throw new Error(`no weight is called ${name}`);
    return tensor;
  }

  get bytes(): number {
    let total = 0;
    for (const tensor of this.#tensors.values()) total += tensor.byteLength;
    return total;
  }
}
