import type { HeadConfig } from '../model/config.ts';
import type { TensorPart } from '../model/tensor.ts';
import { unusableWeight } from '../model/unusable-weight.ts';

/** The fine-tuned linear layer on the final hidden state: a few rows, so it stays in plain f32 beside any engine. */
export class ClassificationHead {
  readonly #columns: number;
  readonly #weight: Float32Array;
  readonly #bias: Float32Array;

  constructor(head: HeadConfig, nEmbd: number) {
    this.#columns = nEmbd;
    this.#weight = new Float32Array(head.labels.length * nEmbd);
    this.#bias = new Float32Array(head.labels.length);
  }

  /** Takes `score.weight` or `score.bias`; says whether the part was one of them. @throws GptletError BAD_CHECKPOINT for a value that is not finite */
  take(part: TensorPart): boolean {
    if (!part.name.startsWith('score.')) return false;
    const target = part.name === 'score.weight' ? this.#weight : this.#bias;
    for (let r = 0; r < part.rows; r++) {
      for (let c = 0; c < part.columns; c++) {
        const value = part.data[r * part.rowStride + c * part.columnStride];
        if (!Number.isFinite(value)) throw unusableWeight(part, r);
        target[(part.rowOffset + r) * part.columns + c] = value;
      }
    }
    return true;
  }

  /** hidden (C) → logits (labels). */
  logits(hidden: Float32Array): Float32Array {
    return this.#bias.map((bias, label) => {
      let sum = bias;
      for (let c = 0; c < this.#columns; c++) sum += this.#weight[label * this.#columns + c] * hidden[c];
      return sum;
    });
  }
}
