import { storageBuffer } from '../../backends/webgpu/buffers.ts';
import type { GpuDevice } from '../../backends/webgpu/gpu-device.ts';
import { Matrix } from '../../backends/webgpu/matrix.ts';
import { GptletError } from '../../errors/gptlet-error.ts';
import type { TensorPart } from '../../model/tensor.ts';
import { unusableWeight } from '../../model/unusable-weight.ts';
import { gatherRows } from '../../quantising/quantise-part.ts';
import type { QuantiseRows } from '../../quantising/row-quantiser.ts';
import type { MatrixSpec, TrainingPlan } from '../plan.ts';
import type { Vector, View } from '../step.ts';
import type { Operand } from './dispatch-draft.ts';

/** Bytes written to the GPU at a time: large enough to cost little, small enough to leave no spike in memory. */
const uploadBytes = 2 ** 20;

/** Some rows of a matrix, as many as one binding can hold. */
export interface MatrixPart {
  /** Counted from the first row that was asked for. */
  readonly first: number;
  readonly rows: number;
  /** An f32 matrix stands from a value on, a quantised one from a row on. */
  readonly weights: Operand;
  readonly scales: Operand | undefined;
}

/** A plan's memory on the GPU: a buffer each of its buffers, all 0 at first, and its quantised matrices. */
export class PlanMemory {
  readonly #gpu: GpuDevice;
  readonly #buffers: ReadonlyMap<string, GPUBuffer>;
  readonly #specs: ReadonlyMap<string, MatrixSpec>;
  readonly #matrices = new Map<string, Matrix>();
  readonly #scratch = new Map<number, GPUBuffer>();
  /** Buffer and first value of tensors in f32, by canonical name. */
  readonly #places: ReadonlyMap<string, Vector>;

  constructor(gpu: GpuDevice, { buffers, matrices, parameters, frozen }: TrainingPlan) {
    this.#gpu = gpu;
    for (const { name, length } of buffers) checkSize(gpu.device, name, 4 * length);
    this.#buffers = new Map(buffers.map(({ name, length }) => [name, this.#make(name, length)]));
    this.#specs = new Map(matrices.map((spec) => [spec.name, spec]));
    for (const spec of matrices) {
      if (spec.dtype === 'f32') continue;
      this.#matrices.set(spec.name, new Matrix(gpu.device, spec.name, spec.dtype, spec.rows, spec.K));
    }
    this.#places = new Map<string, Vector>([
      ...parameters.map(({ name, offset }) => [name, { buffer: 'parameters', offset }] as const),
      ...frozen.map((place) => [place.name, place] as const),
    ]);
  }

  /** A size of what a workgroup shares: software adapters take seconds to compile kernels that share much. */
  shared(usual: number, software: number): number {
    return this.#gpu.software ? software : usual;
  }

  get bytes(): number {
    const buffers = [...this.#buffers.values(), ...this.#scratch.values()];
    const floats = buffers.reduce((sum, { size }) => sum + size, 0);
    return [...this.#matrices.values()].reduce((sum, { bytes }) => sum + bytes, floats);
  }

  /** Where rows stand, or a vector. */
  operand(place: View | Vector): Operand;
  operand(place: View | Vector | undefined): Operand | undefined;
  operand(place: View | Vector | undefined): Operand | undefined {
    if (!place) return undefined;
    return { buffer: this.buffer(place.buffer), offset: place.offset, stride: 'stride' in place ? place.stride : 0 };
  }

  /** An input of the plan, from a value on. */
  input(name: string, offset = 0): Operand {
    return this.operand({ buffer: name, offset });
  }

  /** Memory between the dispatches of one step; whoever asks for as much gets the same. */
  scratch(length: number): Operand {
    const buffer = this.#scratch.get(length) ?? this.#make('scratch', length);
    this.#scratch.set(length, buffer);
    return { buffer, offset: 0, stride: 0 };
  }

  rowsOf(matrix: string): number {
    return this.#spec(matrix).rows;
  }

  dtypeOf(matrix: string): MatrixSpec['dtype'] {
    return this.#spec(matrix).dtype;
  }

  /** Rows `first` … of a matrix, in as many parts as there have to be. */
  matrixParts(name: string, first: number, rows: number): MatrixPart[] {
    const spec = this.#spec(name);
    if (spec.dtype === 'f32') {
      const offset = spec.offset + first * spec.columns;
      const weights = this.operand({ buffer: spec.buffer, offset, stride: spec.columns });
      return [{ first: 0, rows, weights, scales: undefined }];
    }
    const { parts, K } = this.#matrices.get(name) as Matrix;
    const found: MatrixPart[] = [];
    for (const part of parts) {
      const from = Math.max(first, part.firstRow);
      const count = Math.min(first + rows, part.firstRow + part.rows) - from;
      if (count <= 0) continue;
      const at = (buffer: GPUBuffer): Operand => ({ buffer, offset: from - part.firstRow, stride: K });
      found.push({
        first: from - first,
        rows: count,
        weights: at(part.weights),
        scales: at(part.scales as GPUBuffer),
      });
    }
    return found;
  }

  buffer(name: string): GPUBuffer {
    const buffer = this.#buffers.get(name);
    if (!buffer) throw new Error(`the plan has no buffer ${name}`);
    return buffer;
  }

  /** Takes a part of a weight where the plan has it. */
  async setTensor(part: TensorPart, quantiser: () => Promise<QuantiseRows>): Promise<void> {
    const place = this.#places.get(part.name);
    if (place) this.#writeRows(part, place);
    await this.#matrices.get(part.name)?.write(part, quantiser);
  }

  destroy(): void {
    for (const owned of [...this.#buffers.values(), ...this.#scratch.values(), ...this.#matrices.values()]) {
      owned.destroy();
    }
  }

  #writeRows(part: TensorPart, { buffer, offset }: Vector): void {
    const { columns, rowOffset } = part;
    const most = Math.max(1, Math.floor(uploadBytes / 4 / columns));
    for (let first = 0; first < part.rows; first += most) {
      const values = new Float32Array(Math.min(most, part.rows - first) * columns);
      gatherRows(part, first, values, columns);
      const bad = values.findIndex((value) => !Number.isFinite(value));
      if (bad >= 0) throw unusableWeight(part, first + Math.floor(bad / columns));
      const at = offset + (rowOffset + first) * columns;
      this.#gpu.device.queue.writeBuffer(this.buffer(buffer), 4 * at, values);
    }
  }

  #make(label: string, length: number): GPUBuffer {
    return storageBuffer(this.#gpu.device, label, Math.max(4, 4 * length), GPUBufferUsage.COPY_SRC);
  }

  #spec(matrix: string): MatrixSpec {
    const spec = this.#specs.get(matrix);
    if (!spec) throw new Error(`the plan has no matrix ${matrix}`);
    return spec;
  }
}

function checkSize({ limits }: GPUDevice, name: string, bytes: number): void {
  const most = Math.min(limits.maxStorageBufferBindingSize, limits.maxBufferSize);
  if (bytes <= most) return;
  throw new GptletError(
    'OUT_OF_MEMORY',
    `The training needs ${bytes} bytes in one buffer (${name}), and this GPU gives at most ${most}. Use backend 'wasm', a smaller batch, checkpointing, or method 'lora' on a quantised model.`,
  );
}
