import type { TensorPart } from '../model/tensor.ts';
import { unusableWeight } from '../model/unusable-weight.ts';
import type { PlannedTensor } from './tensor-plan.ts';

/** Makes vectors whole that files hold in several tensors, or in another order: engines take a vector at once. */
export class JoinedVectors {
  readonly #begun = new Map<string, { data: Float32Array; missing: number }>();

  /**
   * Takes a stored tensor's values.
   *
   * @returns the whole vector, if it is one now
   * @throws GptletError BAD_CHECKPOINT for a value that is not finite, which is named where the file has it
   */
  take(part: TensorPart, { vector, runs }: PlannedTensor): TensorPart[] {
    const { name, data } = part;
    const { first, size } = vector as { first: number; size: number };
    if (!data.every(Number.isFinite)) throw unusableWeight(part, 0);
    const whole = this.#begun.get(name) ?? { data: new Float32Array(size), missing: size };
    this.#begun.set(name, whole);
    for (const { from, step, count, to } of runs ?? [{ from: 0, step: 1, count: data.length, to: 0 }]) {
      for (let i = 0; i < count; i++) whole.data[first + to + i] = data[from + i * step];
    }
    whole.missing -= data.length;
    if (whole.missing > 0) return [];
    this.#begun.delete(name);
    return [{ ...part, columns: size, rowStride: size, data: whole.data }];
  }
}
