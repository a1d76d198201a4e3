import type { ModelConfig } from '../../model/config.ts';
import type { QuantisedDtype } from '../../model/dtype.ts';
import type { Checkpoint } from '../checkpoint.ts';
import type { FileSource } from '../sources/file-source.ts';
import type { PlannedTensor } from '../tensor-plan.ts';

/**
 * What a GGUF file says, and where its weights are. Plain data: a worker has its page read it, with code that only such files need.
 */
export interface GgufContents
  extends Pick<Checkpoint, 'rawConfig' | 'tokenizerFiles' | 'generationDefaults' | 'chatFormat'> {
  readonly config: ModelConfig;
  readonly dtype: QuantisedDtype | undefined;
  /** The file's, or those of its parts, in order. */
  readonly files: readonly GgufFile[];
  /** The WebAssembly module of wasm/unpacking. */
  readonly unpacker: Uint8Array<ArrayBuffer>;
}

/** A GGUF file, or a part of one, and the tensors to be read of it in its order. */
export interface GgufFile {
  readonly name: string;
  readonly size: number;
  readonly tensors: readonly GgufTensor[];
}

/** A tensor to be read; its values are floats as they are, unless they are packed in blocks. */
export interface GgufTensor extends Omit<PlannedTensor, 'stream'> {
  readonly unpacked?: UnpackedTensor;
}

/** How rows of blocks become floats. */
export interface UnpackedTensor {
  /** ggml's number of its type. */
  readonly type: number;
  /** What its integers may be taken for as they are. */
  readonly integers?: QuantisedDtype;
  /** Rows of a head, where neighbouring ones turn together: they are put half a head apart. */
  readonly head?: number;
}

/** A part of a file that was asked for, fewer bytes than that where it ends before; undefined where there is no such file. */
export interface FileBytes {
  readonly bytes: Uint8Array;
  /** Where the file is, for messages. */
  readonly location: string;
  /** Bytes of the whole file, where that is known. */
  readonly size: number | undefined;
}

/** Reads bytes `start … end` of a file beside the one that is opened. */
export type ReadFileBytes = (name: string, start: number, end: number) => Promise<FileBytes | undefined>;

/** Reads what a GGUF file says, by ranges; loaded for the first such file. Names are as `FileSource.gguf` has them. */
export type ReadGguf = (name: string, read: ReadFileBytes, list: FileSource['list']) => Promise<GgufContents>;
