import { GptletError } from '../../errors/gptlet-error.ts';
import type { TensorPart } from '../../model/tensor.ts';
import { notFinite } from '../not-finite.ts';
import type { PackedMatrix, PlainRows } from './memory-layout.ts';
import { fitsPacking, packQuantised } from './pack-quantised.ts';
import type { WasmModel } from './wasm-model.ts';

/** Packs the tensors of a checkpoint into a model's memory, piece by piece, quantising on the way. */
export class WeightPacker {
  readonly #model: WasmModel;
  readonly #rowsTaken = new Map<string, number>();

  constructor(model: WasmModel) {
    this.#model = model;
  }

  /** The staging area as memory for a part's values, where they all fit. */
  room(floats: number): Float32Array | undefined {
    const { staging, stagingBytes } = this.#model.layout;
    return floats * 4 <= stagingBytes ? this.#model.floats(staging, floats) : undefined;
  }

  set(part: TensorPart): void {
    // The fine-tuned head is small and is not this engine's: whoever classifies keeps it.
    if (part.name.startsWith('score.')) return;
    const weight = this.#model.layout.weights.get(part.name);
    if (!weight) {
      throw new GptletError(
        'BAD_CHECKPOINT',
        `The model has no weight called ${part.name}; its config asks for another one.`,
      );
    }
    this.#check(part, weight.shape.rows, weight.shape.columns);
    if (weight.kind === 'rows') this.#copyRows(part, weight);
    else if (fitsPacking(part, weight, this.#model.dtype)) packQuantised(part.quantised, part, weight, this.#model);
    else this.#packMatrix(part, weight);
    this.#rowsTaken.set(part.name, (this.#rowsTaken.get(part.name) ?? 0) + part.rows);
  }

  /** Throws unless every weight that is not optional came in full. */
  finish(): void {
    for (const { shape } of this.#model.layout.weights.values()) {
      const taken = this.#rowsTaken.get(shape.name) ?? 0;
      if (taken < shape.rows && !(shape.optional && taken === 0)) {
        throw new GptletError(
          'BAD_CHECKPOINT',
          `The checkpoint gave ${taken} of ${shape.rows} rows of ${shape.name}. The file is incomplete or belongs to another config.json; download it again.`,
        );
      }
    }
    this.#model.clearScratch();
  }

  #check(part: TensorPart, rows: number, columns: number): void {
    const last = (part.rows - 1) * part.rowStride + (part.columns - 1) * part.columnStride;
    if (
      part.columns === columns &&
      part.rowOffset >= 0 &&
      part.rowOffset + part.rows <= rows &&
      (part.quantised !== undefined || last < part.data.length)
    )
      return;
    throw new GptletError(
      'BAD_CHECKPOINT',
      `${part.name} should have shape (${rows}, ${columns}), but rows ${part.rowOffset} to ${part.rowOffset + part.rows - 1} came with ${part.columns} columns and ${part.data.length} values. config.json and the weights do not belong together.`,
    );
  }

  #copyRows(part: TensorPart, target: PlainRows): void {
    const { data, rowStride, columnStride } = part;
    for (let r = 0; r < part.rows; r++) {
      const out = this.#model.floats(target.address + (part.rowOffset + r) * target.stride * 4, part.columns);
      for (let c = 0; c < part.columns; c++) {
        const value = data[r * rowStride + c * columnStride];
        if (!Number.isFinite(value)) throw notFinite(part, r);
        out[c] = value;
      }
    }
  }

  #packMatrix(part: TensorPart, target: PackedMatrix): void {
    const { layout, kernels } = this.#model;
    const room = layout.stagingBytes / 4;
    for (let r = 0; r < part.rows; ) {
      const piece = stage(part, r, room, (length) => this.#model.floats(layout.staging, length));
      const bad = kernels.packRows(
        ...([layout.staging, piece.rowStride * 4, piece.columnStride * 4] as const),
        ...([part.rowOffset + r, piece.rows, part.columns] as const),
        ...([target.weights, target.K, target.group, layout.buffers.inner] as const),
      );
      if (bad >= 0) throw notFinite(part, r + bad);
      r += piece.rows;
    }
  }
}

/** Copies as many rows of a part as fit into `room` floats, from row r on; says how they lie there. */
function stage(
  part: TensorPart,
  r: number,
  room: number,
  target: (length: number) => Float32Array,
): { rows: number; rowStride: number; columnStride: number } {
  const { data, rowStride, columnStride, columns } = part;
  if (r === 0 && data.length <= room) {
    const staged = target(data.length);
    // Whoever asked for room has read it in place.
    if (data.buffer !== staged.buffer) staged.set(data);
    return { rows: part.rows, rowStride, columnStride };
  }
  const rows = Math.min(part.rows - r, Math.floor(room / columns));
  // Only whole tensors of large models come here: checkpoints give rows in small pieces, which fit.
  const out = target(rows * columns);
  for (let c = 0; c < columns; c++) {
    const from = r * rowStride + c * columnStride;
    for (let i = 0; i < rows; i++) out[c * rows + i] = data[from + i * rowStride];
  }
  return { rows, rowStride: 1, columnStride: rows };
}
