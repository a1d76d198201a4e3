import type { ModelConfig } from './config.ts';
import type { QuantisedDtype } from './dtype.ts';

/**
 * A part of one weight, on its way from a checkpoint into an engine. Element (r, c) of the part is
 * `data[r * rowStride + c * columnStride]` and belongs at row `rowOffset + r` of the whole tensor; so a
 * transposed file (Conv1D) needs no copy, and a large matrix arrives in pieces. Vectors have one row.
 * `data` may be a view that is overwritten once the receiving call has returned: copy out of it at once.
 */
export interface TensorPart {
  /** Canonical name, see {@link weightShapes}. */
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

/** Shape of a canonical weight; every matrix is (outputs, inputs), every vector (1, n). */
export interface WeightShape {
  readonly name: string;
  readonly rows: number;
  readonly columns: number;
  /** A norm's weight, or a bias; a matrix can have one row too. */
  readonly isVector: boolean;
  /** Whose bias it is: families say which of them a checkpoint has. That of a fine-tuned head is always there. */
  readonly biasOf?: BiasedLayer;
}

/** What a bias may belong to. */
export type BiasedLayer = 'linear' | 'norm';

/**
 * Every weight that a model of this config has, under its canonical name: `tokenEmbedding` (V, C),
 * `positionEmbedding` (nCtx, C), per block i `blocks.i.norm1.weight|bias` (1, C),
 * `blocks.i.attention.qkv.weight` (3C, C: all of q, then k, then v) and `.bias`,
 * `blocks.i.attention.projection.weight|bias` (C, C), `blocks.i.norm2.weight|bias`,
 * `blocks.i.mlp.up.weight|bias` (nInner, C), `blocks.i.mlp.down.weight|bias` (C, nInner),
 * `finalNorm.weight|bias` if there is one, `head.weight` (V, C) if it is not tied,
 * `score.weight|bias` (labels, C) if the model carries a fine-tuned head.
 */
export function weightShapes(config: ModelConfig): WeightShape[] {
  const { nEmbd: C, nInner, vocabSize, nCtx } = config;
  const shapes: WeightShape[] = [];
  const add = (name: string, rows: number, columns: number): void => {
    shapes.push({ name, rows, columns, isVector: false });
  };
  const addVector = (name: string, columns: number, biasOf?: BiasedLayer): void => {
    shapes.push({ name, rows: 1, columns, isVector: true, biasOf });
  };
  const norm = (name: string): void => {
    addVector(`${name}.weight`, C);
    addVector(`${name}.bias`, C, 'norm');
  };
  const linear = (name: string, outputs: number, inputs: number): void => {
    add(`${name}.weight`, outputs, inputs);
    addVector(`${name}.bias`, outputs, 'linear');
  };
  add('tokenEmbedding', vocabSize, C);
  add('positionEmbedding', nCtx, C);
  for (let layer = 0; layer < config.nLayer; layer++) {
    const block = `blocks.${layer}`;
    norm(`${block}.norm1`);
    linear(`${block}.attention.qkv`, 3 * C, C);
    linear(`${block}.attention.projection`, C, C);
    norm(`${block}.norm2`);
    linear(`${block}.mlp.up`, nInner, C);
    linear(`${block}.mlp.down`, C, nInner);
  }
  if (config.finalNorm) norm('finalNorm');
  if (!config.tiedHead) add('head.weight', vocabSize, C);
  if (config.head) {
    add('score.weight', config.head.labels.length, C);
    if (config.head.bias) addVector('score.bias', config.head.labels.length);
  }
  return shapes;
}
