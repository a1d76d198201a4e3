/** One file of a checkpoint, opened: known to exist, not yet read. */
export interface SourceFile {
  /** Path or URL, for messages. */
  readonly location: string;
  /** Bytes, where the place tells; a server may not. */
  readonly size: number | undefined;
  /** Where a server tells: ETag or time of the last change. Another value means other bytes. */
  readonly validator?: string;
  /**
   * The bytes from `start` up to `end` (or the end of the file) in order, in chunks of any size. A chunk
   * may be overwritten when the next is asked for. Throws the signal's reason once it is aborted.
   */
  stream(start: number, end?: number, signal?: AbortSignal): AsyncIterable<Uint8Array>;
}

/** What tells one version of a file from another, as far as its server says. */
export type FileVersion = Partial<Pick<SourceFile, 'size' | 'validator'>>;

/** A folder of checkpoint files, wherever it is. */
export interface FileSource {
  /** Where `name` is looked for: a path or URL, for messages. */
  locate(name: string): string;
  /** What a server sent in place of a file that counts as absent, where it sent something else than that it is not there. */
  answer?(name: string): string | undefined;
  /** @returns undefined where there is no such file. @throws GptletError NETWORK where that cannot be told. */
  open(name: string, signal?: AbortSignal): Promise<SourceFile | undefined>;
  /** The GGUF file that is the model, or a colon and what it is quantised to, where the source means one. */
  readonly gguf?: string;
  /** The names of all files, where they can be had; none where that fails. */
  list?(): Promise<readonly string[]>;
  /** Present where the files come over a network, and keeping them saves something. */
  readonly remote?: RemoteFolder;
}

/** What a cache needs to know of a folder on a server. */
export interface RemoteFolder {
  /** The folder's address. */
  readonly root: string;
  /** Whether its files can never change (a commit's hash is part of the address). */
  readonly immutable: boolean;
  address(name: string): string;
  /**
   * Asks which version of a file is there now, in one small request that is not repeated.
   *
   * @returns undefined where there is no such file
   * @throws Transient where the server cannot be asked
   */
  check(name: string, signal?: AbortSignal): Promise<FileVersion | undefined>;
  /** The SHA-256 that the server publishes for a file, in hexadecimal, where it does. */
  sha256?(name: string, signal?: AbortSignal): Promise<string | undefined>;
}
