import type { BufferSpec, MatrixSpec, TrainingPlan } from '../../../sdk/gradients/plan.ts';
import type { Rows, Step, Vector, View } from '../../../sdk/gradients/step.ts';
import type { TensorPart } from '../../../sdk/model/tensor.ts';
import { quantisedGroup } from '../../../sdk/quantising/quantised-rows.ts';
import { randomNumbers } from '../random-model.ts';

/** Tokens and outputs of the run, and the most that the plan is made for. */
export const [N, H, mostTokens, mostOutputs] = [85, 5, 96, 7];
/** Three sequences beside each other. */
const lengths = [14, 1, 70];
export const [vocabulary, places, each] = [50, 80, 3];

/** Rows of the run's tokens, its outputs, or of a fixed number. */
export const tokenRows: Rows = { of: 'tokens', first: 0, most: mostTokens };
export const outputRows: Rows = { of: 'outputs', first: 0, most: mostOutputs };

type Values = Float32Array | Int32Array;

/**
 * A plan put together step by step, with memory that the test fills: random where a step may read or add, NaN wherever it must not
 * look: behind the last row of the run, between rows, before the first. Outputs that are replaced begin as NaN, too.
 */
export class PlanLab {
  readonly random: () => number;
  readonly buffers: BufferSpec[] = [];
  readonly matrices: MatrixSpec[] = [];
  readonly steps: Step[] = [];
  readonly contents = new Map<string, Values>();
  readonly tensors: TensorPart[] = [];

  constructor(seed: number) {
    this.random = randomNumbers(seed);
    const starts = lengths.flatMap((length, i) => new Array(length).fill(sum(lengths.slice(0, i))));
    const ends = lengths.flatMap((length, i) => new Array(length).fill(sum(lengths.slice(0, i + 1))));
    const below = (n: number): number => Math.floor(((this.random() + 1) / 2) * n);
    this.#integers('tokenIds', mostTokens, N, () => below(vocabulary));
    this.#integers('positions', mostTokens, N, (n) => n - starts[n]);
    this.#integers('sequenceStart', mostTokens, N, (n) => starts[n]);
    this.#integers('sequenceEnd', mostTokens, N, (n) => ends[n]);
    this.#integers('targets', mostTokens, N, (n) => (n % 7 === 3 ? -1 : below(vocabulary)));
    // Outputs read tokens, some of them the same, and some fewer than there is room for.
    this.#integers('headRows', mostOutputs * each, H * each, (n) => (n % each === 2 && n > 4 ? -1 : below(N)));
    this.#integers('headGroups', mostOutputs * 2, H * 2, (n) => [0, 2, 0, 2, 2, 3, 2, 3, 2, 3][n]);
    this.#add(
      'targetWeights',
      this.#poisoned(mostTokens, (n) => n < N),
    );
  }

  /** Rows of `width` values in a buffer of their own, which other operands may share. */
  rows(width: number, { output = false, most = mostTokens, count = N, gap = 3, before = 5 } = {}): View {
    const [stride, offset] = [width + gap, before];
    const isKnown = (i: number): boolean => {
      const row = Math.floor((i - offset) / stride);
      return i >= offset && row < count && (i - offset) % stride < width;
    };
    const buffer = `values ${this.buffers.length}`;
    this.#add(
      buffer,
      this.#poisoned(offset + most * stride, (i) => !output && isKnown(i)),
    );
    return { buffer, offset, stride };
  }

  vector(length: number, { output = false, before = 7 } = {}): Vector {
    const buffer = `values ${this.buffers.length}`;
    this.#add(
      buffer,
      this.#poisoned(before + length, (i) => !output && i >= before),
    );
    return { buffer, offset: before };
  }

  /** A buffer with a name that the plan's contract gives. */
  named(name: string, length: number, value: (random: number) => number = (random) => random): void {
    this.#add(
      name,
      this.#poisoned(length, () => true).map((random) => value(random)),
    );
  }

  /** A matrix of random weights. */
  matrix(dtype: MatrixSpec['dtype'], rows: number, columns: number): string {
    const name = `matrix ${this.matrices.length}`;
    if (dtype === 'f32') {
      const { buffer, offset } = this.rows(columns, { most: rows, count: rows, gap: 0 });
      this.matrices.push({ name, rows, columns, dtype, buffer, offset });
      return name;
    }
    const K = Math.ceil(columns / 32) * 32;
    this.matrices.push({ name, rows, columns, dtype, group: quantisedGroup(dtype, columns), K });
    const data = Float32Array.from({ length: rows * columns }, () => this.random());
    this.tensors.push({ name, rowOffset: 0, rows, columns, rowStride: columns, columnStride: 1, data });
    return name;
  }

  plan(): TrainingPlan {
    const phases = { clear: [], gradients: [], forward: this.steps, update: [] };
    const { buffers, matrices } = this;
    return { buffers, matrices, parameters: [], frozen: [], phases, mostTokens, mostOutputs };
  }

  #integers(name: string, length: number, known: number, value: (n: number) => number): void {
    this.#add(
      name,
      Int32Array.from({ length }, (_, n) => (n < known ? value(n) : -12345)),
    );
  }

  #poisoned(length: number, isKnown: (i: number) => boolean): Float32Array {
    return Float32Array.from({ length }, (_, i) => (isKnown(i) ? this.random() : Number.NaN));
  }

  #add(name: string, values: Values): void {
    this.buffers.push({ name, length: values.length, type: values instanceof Int32Array ? 'i32' : 'f32' });
    this.contents.set(name, values);
  }
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
