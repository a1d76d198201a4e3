/** One file of a checkpoint, opened: known to exist, not yet read. */
export interface SourceFile {
  /** Path or URL, for messages. */
  readonly location: string;
  /** Bytes, where the place tells; a server may not. */
  readonly size: number | undefined;
  /**
   * The bytes from `start` up to `end` (or the end of the file) in order, in chunks of any size. A chunk
   * may be overwritten when the next is asked for. Throws the signal's reason once it is aborted.
   */
  stream(start: number, end?: number, signal?: AbortSignal): AsyncIterable<Uint8Array>;
  /** Frees what keeps the file open, if anything does. */
  close?(): Promise<void>;
}

/** A folder of checkpoint files, wherever it is. */
export interface FileSource {
  /** Where `name` is looked for: a path or URL, for messages. */
  locate(name: string): string;
  /** @returns undefined where there is no such file. @throws GptletError NETWORK where that cannot be told. */
  open(name: string, signal?: AbortSignal): Promise<SourceFile | undefined>;
}
