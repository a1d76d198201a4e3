import type { QuantisedDtype } from './dtype.ts';

/**
 * A part of one weight, on its way from a checkpoint into an engine. Element (r, c) of the part is
 * `data[r * rowStride + c * columnStride]` and belongs at row `rowOffset + r` of the whole tensor; so a
 * transposed file (Conv1D) needs no copy, and a large matrix arrives in pieces. Vectors have one row.
 * `data` may be a view that is overwritten once the receiving call has returned: copy out of it at once.
 */
export interface TensorPart {
  /** Canonical name, see `weightShapes`. */
  readonly name: string;
  readonly rowOffset: number;
  readonly rows: number;
  readonly columns: number;
  readonly rowStride: number;
  readonly columnStride: number;
  readonly data: Float32Array;
  /** Where it stands in its file, for messages; absent where that names its tensors canonically. */
  readonly origin?: TensorOrigin;
  /** The same rows as the file holds them, where it is quantised: an engine of that dtype copies them and leaves `data` alone. */
  readonly quantised?: QuantisedRows;
}

/** What a checkpoint calls a part's tensor, and which of its rows is the part's first. */
export interface TensorOrigin {
  readonly name: string;
  readonly row: number;
  /** How far it is there from one of the part's rows to the next. @default 1 */
  readonly rowStep?: number;
  /** Whether the checkpoint has (inputs, outputs). */
  readonly transposed: boolean;
}

/**
 * Rows of a matrix as integers with a scale a group of inputs: weight = integer · scale. Columns are padded with zeros to
 * K, whole groups. docs/quantised-files.md describes the same on disk.
 */
export interface QuantisedRows {
  readonly dtype: QuantisedDtype;
  /** Inputs to a scale; divides K. */
  readonly group: number;
  readonly K: number;
  /**
   * q8: (rows, K) signed bytes, -127 … 127. q4: (rows, K / 2), eight inputs in four bytes: byte b holds input b in its low
   * nibble and input 4 + b in its high one, each -8 … 7 with 8 added.
   */
  readonly integers: Uint8Array;
  /** (rows, K / group), bits of bf16. */
  readonly scales: Uint16Array;
}
