import { GptletError } from '../errors/gptlet-error.ts';

/** Reads a stream of chunks in the pieces that the reader asks for, holding one chunk at a time. */
export class ByteReader {
  /** Bytes consumed so far, counted from where the stream began in its file. */
  position: number;
  readonly #chunks: AsyncIterator<Uint8Array>;
  readonly #location: string;
  #chunk: Uint8Array = new Uint8Array(0);

  constructor(chunks: AsyncIterable<Uint8Array>, start: number, location: string) {
    this.#chunks = chunks[Symbol.asyncIterator]();
    this.position = start;
    this.#location = location;
  }

  /** Fills `target` with the next bytes. @throws GptletError BAD_CHECKPOINT if the file ends before. */
  async fill(target: Uint8Array): Promise<void> {
    for (let at = 0; at < target.length; ) {
      const piece = await this.#next(target.length - at);
      target.set(piece, at);
      at += piece.length;
    }
  }

  async skip(bytes: number): Promise<void> {
    for (let left = bytes; left > 0; ) left -= (await this.#next(left)).length;
  }

  /** Ends the stream, so that what it holds (a connection, a file) is freed. */
  async close(): Promise<void> {
    await this.#chunks.return?.();
  }

  /** Goes past the next bytes, at least one and at most so many. */
  async #next(most: number): Promise<Uint8Array> {
    while (this.#chunk.length === 0) {
      const next = await this.#chunks.next();
      if (next.done)
        throw new GptletError(
          'BAD_CHECKPOINT',
          `${this.#location} ends at byte ${this.position}, in the middle of a tensor: it is cut short. Download it again.`,
        );
      this.#chunk = next.value;
    }
    const piece = this.#chunk.subarray(0, most);
    this.#chunk = this.#chunk.subarray(piece.length);
    this.position += piece.length;
    return piece;
  }
}
