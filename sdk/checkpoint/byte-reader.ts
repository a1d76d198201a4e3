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
      await this.#refill();
      const piece = this.#chunk.subarray(0, target.length - at);
      target.set(piece, at);
      at += piece.length;
      this.#advance(piece.length);
    }
  }

  async skip(bytes: number): Promise<void> {
    for (let left = bytes; left > 0; ) {
      await this.#refill();
      const step = Math.min(left, this.#chunk.length);
      left -= step;
      this.#advance(step);
    }
  }

  /** Ends the stream, so that what it holds (a connection, a file) is freed. */
  async close(): Promise<void> {
    await this.#chunks.return?.();
  }

  #advance(bytes: number): void {
    this.#chunk = this.#chunk.subarray(bytes);
    this.position += bytes;
  }

  async #refill(): Promise<void> {
    while (this.#chunk.length === 0) {
      const next = await this.#chunks.next();
      if (next.done)
        throw new GptletError(
          'BAD_CHECKPOINT',
          `${this.#location} ends at byte ${this.position}, in the middle of a tensor: it is cut short. Download it again.`,
        );
      this.#chunk = next.value;
    }
  }
}
