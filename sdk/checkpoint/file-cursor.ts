import { ByteReader } from './byte-reader.ts';
import type { StoredTensor, WeightFile } from './weight-file.ts';
import { localHeaderBytes, localHeaderSize } from './zip-directory.ts';

/** Goes through a weight file from tensor to tensor, by one stream as long as it goes forward. */
export class FileCursor {
  readonly #weightFile: WeightFile;
  readonly #signal: AbortSignal | undefined;
  /** By a zip entry's header: where its data begin. */
  readonly #dataStarts: Map<number, number> = new Map();
  #reader: ByteReader | undefined;

  constructor(weightFile: WeightFile, signal: AbortSignal | undefined) {
    this.#weightFile = weightFile;
    this.#signal = signal;
  }

  /** A reader that stands at the tensor's first byte. */
  async at(tensor: StoredTensor): Promise<ByteReader> {
    if (tensor.entryStart === undefined) return this.#seek(tensor.start);
    let dataStart = this.#dataStarts.get(tensor.entryStart);
    if (dataStart === undefined) {
      const header = new Uint8Array(localHeaderBytes);
      await (await this.#seek(tensor.entryStart)).fill(header);
      dataStart = tensor.entryStart + localHeaderSize(header);
      this.#dataStarts.set(tensor.entryStart, dataStart);
    }
    return this.#seek(dataStart + tensor.start);
  }

  async close(): Promise<void> {
    await this.#reader?.close();
  }

  /** Two tensors may share bytes (torch saves tied weights so): then the second needs a stream of its own. */
  async #seek(position: number): Promise<ByteReader> {
    if (this.#reader && this.#reader.position <= position) {
      await this.#reader.skip(position - this.#reader.position);
      return this.#reader;
    }
    await this.#reader?.close();
    const { file, size } = this.#weightFile;
    this.#reader = new ByteReader(file.stream(position, size, this.#signal), position, file.location);
    return this.#reader;
  }
}
