import type { TensorPart } from '../../model/tensor.ts';
import { unusableWeight } from '../../model/unusable-weight.ts';
import type { PackedMatrix, PlainRows } from './memory-layout.ts';
import type { packQuantised } from './pack-quantised.ts';
import { placeRows } from './place-rows.ts';
import type { WasmModel } from './wasm-model.ts';

/** Packs the tensors of a checkpoint into a model's memory, piece by piece, quantising on the way. */
export class WeightPacker {
  readonly model: WasmModel;
  readonly #packQuantised: typeof packQuantised | undefined;

  /** @param quantised takes integers as they are; without it, all weights are packed from floats */
  constructor(model: WasmModel, quantised?: typeof packQuantised) {
    this.model = model;
    this.#packQuantised = quantised;
  }

  /** The staging area as memory for a part's values, where they all fit. */
  room(floats: number): Float32Array | undefined {
    const { staging, stagingBytes } = this.model.layout;
    return floats * 4 <= stagingBytes ? this.model.floats(staging, floats) : undefined;
  }

  /** @throws GptletError BAD_CHECKPOINT for a value that is not finite */
  set(part: TensorPart): void {
    const weight = this.model.layout.weights.get(part.name);
    // The fine-tuned head is small and is not this engine's: whoever classifies keeps it.
    if (!weight) return;
    if (weight.kind === 'rows') this.#copyRows(part, weight);
    else if (!this.#packQuantised?.(part, weight, this.model)) this.#packMatrix(part, weight);
  }

  #copyRows(part: TensorPart, target: PlainRows): void {
    const { data, rowStride, columnStride } = part;
    const { gap } = target;
    const length = (part.rows - 1) * target.rowStride + (part.columns - 1 + gap.skip) * target.columnStride + 1;
    const out = this.model.floats(target.address + part.rowOffset * target.rowStride * 4, length);
    for (let r = 0; r < part.rows; r++) {
      for (let c = 0; c < part.columns; c++) {
        const value = data[r * rowStride + c * columnStride];
        if (!Number.isFinite(value)) throw unusableWeight(part, r);
        out[r * target.rowStride + (c < gap.after ? c : c + gap.skip) * target.columnStride] = value;
      }
    }
  }

  #packMatrix(part: TensorPart, target: PackedMatrix): void {
    const { layout, kernels } = this.model;
    const room = layout.stagingBytes / 4;
    for (let r = 0; r < part.rows; ) {
      const piece = stageRows(part, r, room, (length) => this.model.floats(layout.staging, length));
      for (const { from, rows, to } of placeRows(target.gap, part.rowOffset + r, piece.rows)) {
        const bad = kernels.packRows(
          ...([layout.staging + from * piece.rowStride * 4, piece.rowStride * 4, piece.columnStride * 4] as const),
          ...([to, rows, part.columns] as const),
          ...([target.weights, target.K, target.group, layout.buffers.inner] as const),
        );
        if (bad >= 0) throw unusableWeight(part, r + from + bad);
      }
      r += piece.rows;
    }
  }
}

/** Copies as many rows of a part as fit into `room` floats, from row r on; says how they lie there. */
function stageRows(
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
