import type { Dtype } from '../../model/dtype.ts';
import type { TensorPart } from '../../model/tensor.ts';
import type { QuantiseRows } from '../../quantising/row-quantiser.ts';
import { storageBuffer } from './buffers.ts';
import { rowBytes, rowScaleBytes } from './pack-rows.ts';
import { rowPacker } from './row-packer.ts';

/** Some rows of a matrix, as many as one binding can hold. */
export interface MatrixPart {
  readonly firstRow: number;
  readonly rows: number;
  readonly weights: GPUBuffer;
  readonly scales: GPUBuffer | undefined;
}

/** Where a checkpoint's rows and columns go in the padded matrix. */
export interface Placement {
  readonly row?: (row: number) => number;
  readonly column?: (column: number) => number;
}

/** Bytes written to the GPU at a time: large enough to cost little, small enough to leave no spike in memory. */
const uploadBytes = 2 ** 20;

/** What every device dispatches along one dimension. */
const mostWorkgroups = 65_535;

/** A weight matrix (N, K) on the GPU in some dtype, padded and split as the device wants it. */
export class Matrix {
  readonly dtype: Dtype;
  readonly N: number;
  readonly K: number;
  readonly parts: readonly MatrixPart[];
  readonly placement: Placement;
  readonly #queue: GPUQueue;

  constructor(device: GPUDevice, label: string, dtype: Dtype, N: number, K: number, placement: Placement = {}) {
    this.dtype = dtype;
    this.N = N;
    this.K = K;
    this.#queue = device.queue;
    this.placement = placement;
    const { maxStorageBufferBindingSize, maxBufferSize } = device.limits;
    const fitting = Math.min(maxStorageBufferBindingSize, maxBufferSize) / rowBytes(dtype, K);
    // Kernels work on tiles of 32 rows, and a workgroup of matvec.wgsl on four.
    const most = Math.max(32, Math.floor(Math.min(fitting, 4 * mostWorkgroups) / 32) * 32);
    const scaleBytes = rowScaleBytes(dtype, K);
    const parts: MatrixPart[] = [];
    for (let firstRow = 0; firstRow < N; firstRow += most) {
      const rows = Math.min(most, N - firstRow);
      parts.push({
        firstRow,
        rows,
        weights: storageBuffer(device, label, rows * rowBytes(dtype, K)),
        scales: scaleBytes ? storageBuffer(device, `${label} scales`, rows * scaleBytes) : undefined,
      });
    }
    this.parts = parts;
  }

  get bytes(): number {
    return this.N * (rowBytes(this.dtype, this.K) + rowScaleBytes(this.dtype, this.K));
  }

  /** Packs and uploads rows of a checkpoint's tensor; what quantises floats is asked for where it is needed. */
  async write(tensor: TensorPart, quantiser: () => Promise<QuantiseRows>): Promise<void> {
    const { K, dtype } = this;
    const { row: place = same, column } = this.placement;
    const pack = await rowPacker(tensor, dtype, K, quantiser, column);
    const bytes = rowBytes(dtype, K);
    const scaleBytes = rowScaleBytes(dtype, K);
    const most = Math.max(1, Math.min(tensor.rows, Math.floor(uploadBytes / bytes)));
    const weights = new Uint8Array(most * bytes);
    const scales = new Uint16Array((most * scaleBytes) / 2);
    for (let r = 0; r < tensor.rows && tensor.rowOffset + r < this.N; ) {
      // As many rows as stay neighbours and in one part of the matrix.
      const target = place(tensor.rowOffset + r);
      const part = this.parts.find(({ firstRow, rows: n }) => target < firstRow + n) as MatrixPart;
      let count = 1;
      while (
        count < most &&
        r + count < tensor.rows &&
        target + count < part.firstRow + part.rows &&
        place(tensor.rowOffset + r + count) === target + count
      ) {
        count++;
      }
      pack(r, count, weights, scales);
      const at = target - part.firstRow;
      this.#queue.writeBuffer(part.weights, at * bytes, weights, 0, count * bytes);
      if (part.scales) this.#queue.writeBuffer(part.scales, at * scaleBytes, scales, 0, (count * scaleBytes) / 2);
      r += count;
    }
  }

  destroy(): void {
    for (const { weights, scales } of this.parts) {
      weights.destroy();
      scales?.destroy();
    }
  }
}

const same = (index: number): number => index;
