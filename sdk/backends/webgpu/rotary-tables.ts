import type { ModelConfig } from '../../model/config.ts';
import { type RotaryAngles, rotaryAngles, writeRotaryRow } from '../../model/rotary.ts';
import { storageBuffer } from './buffers.ts';
import { roundUp } from './dimensions.ts';
import type { GpuDevice } from './gpu-device.ts';

/** Cosines and sines of every position so far, for one way of turning. */
export interface RotaryTable {
  readonly angles: RotaryAngles;
  /** Values a position: a cosine and a sine a pair, and for an odd number of pairs one that does not turn. */
  readonly width: number;
  /** (capacity, width). */
  buffer: GPUBuffer;
}

/**
 * Rotary angles as kernels read them, one table for each way of turning that a model has. Made here in double precision: sine
 * and cosine of a large angle are wrong in f32, and the GPU runs steps ahead by itself.
 */
export class RotaryTables {
  /** Positions that all tables hold. */
  capacity = 0;
  readonly #gpu: GpuDevice;
  readonly #most: number;
  readonly #tables = new Map<string, RotaryTable>();
  readonly #ofLayer: readonly (RotaryTable | undefined)[];

  constructor(gpu: GpuDevice, { rotary, nCtx }: ModelConfig) {
    this.#gpu = gpu;
    this.#most = nCtx;
    this.#ofLayer = rotary.map((turn) => {
      if (!turn) return undefined;
      const key = JSON.stringify(turn);
      let table = this.#tables.get(key);
      if (!table) {
        table = { angles: rotaryAngles(turn, nCtx), width: roundUp(turn.size, 4), buffer: this.#make(16) };
        this.#tables.set(key, table);
      }
      return table;
    });
  }

  /** The table that a layer's queries and keys turn by, if they do. */
  of(layer: number): RotaryTable | undefined {
    return this.#ofLayer[layer];
  }

  /** Makes sure of positions 0 ... end - 1. Says whether the buffers are others now. */
  async reach(end: number): Promise<boolean> {
    if (end <= this.capacity || this.#tables.size === 0) return false;
    const capacity = Math.min(this.#most, Math.max(end, 2 * this.capacity));
    const tables = [...this.#tables.values()];
    const bytes = tables.reduce((sum, { width }) => sum + capacity * width * 4, 0);
    const buffers = await this.#gpu.allocate(bytes, 'the rotary angles', () =>
      tables.map(({ width }) => this.#make(capacity * width * 4)),
    );
    tables.forEach((table, i) => {
      this.#write(table, buffers[i], capacity);
      table.buffer.destroy();
      table.buffer = buffers[i];
    });
    this.capacity = capacity;
    return true;
  }

  destroy(): void {
    for (const { buffer } of this.#tables.values()) buffer.destroy();
  }

  #make(bytes: number): GPUBuffer {
    return storageBuffer(this.#gpu.device, 'rotary angles', bytes);
  }

  #write({ angles, width }: RotaryTable, buffer: GPUBuffer, capacity: number): void {
    // A megabyte or so at a time.
    const most = Math.ceil(2 ** 18 / width);
    for (let first = 0; first < capacity; first += most) {
      const rows = new Float32Array(Math.min(most, capacity - first) * width);
      for (let at = 0; at < rows.length; at += width) {
        // A pair that is padding stays as it is: its cosine is 1.
        rows[at + width - 2] = 1;
        writeRotaryRow(angles, first + at / width, rows.subarray(at));
      }
      this.#gpu.device.queue.writeBuffer(buffer, first * width * 4, rows);
    }
  }
}
