import type { SourceFile } from './sources/file-source.ts';

/** One tensor as a weight file stores it. */
export interface StoredTensor {
  readonly name: string;
  /** safetensors' name of the element type. */
  readonly type: string;
  readonly shape: readonly number[];
  /** First byte in the file, or in the zip entry's data if there is an {@link entryStart}. */
  readonly start: number;
  readonly bytes: number;
  /** In a zip archive: where the entry's local header stands. */
  readonly entryStart?: number;
  /** Whether the bytes hold the columns one after the other in place of the rows. */
  readonly transposed?: boolean;
}

/** Reads the table of contents of a torch file of `size` bytes; what does so is loaded for the first such file. */
export type ReadTorchTensors = (
  file: SourceFile,
  size: number,
  signal?: AbortSignal,
) => Promise<readonly StoredTensor[]>;

/** A weight file whose table of contents has been read and checked against its size. */
export interface WeightFile {
  readonly name: string;
  readonly file: SourceFile;
  readonly size: number;
  readonly tensors: readonly StoredTensor[];
  /** safetensors' `__metadata__`. */
  readonly metadata?: Readonly<Record<string, unknown>>;
}
