import type { ModelConfig } from '../../model/config.ts';
import type { TensorPart } from '../../model/tensor.ts';
import { weightShapes } from '../../model/weight-shapes.ts';

/** A weight by name; of a bias that a model does not have, undefined. */
export type NamedWeights = (name: string) => Float32Array;

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
    const columns = this.#columns.get(part.name);
    if (!columns) throw new Error(`no weight is called ${part.name}`);
    for (let r = 0; r < part.rows; r++) {
      for (let c = 0; c < part.columns; c++) {
        target[(part.rowOffset + r) * columns + c] = part.data[r * part.rowStride + c * part.columnStride];
      }
    }
  }

  /** A weight by its canonical name; operations take an absent one for none. */
  get(name: string): Float32Array {
    return this.#tensors.get(name) as Float32Array;
  }

  get bytes(): number {
    let total = 0;
    for (const tensor of this.#tensors.values()) total += tensor.byteLength;
    return total;
  }
}
