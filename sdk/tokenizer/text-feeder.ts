import { fail } from './parse-json.ts';
import { outOfMemory, type TokenizerExports } from './wasm-exports.ts';

/** Takes the ids of one chunk: their number, and the UTF-16 position of the chunk in its text. */
export type ChunkSink = (count: number, position: number) => void;

/** Feeds text to the module in chunks that fit its input buffer, as UTF-8. */
export class TextFeeder {
  readonly #wasm: TokenizerExports;
  readonly #encoder: TextEncoder = new TextEncoder();
  #bytes: Uint8Array = new Uint8Array(0);

  constructor(wasm: TokenizerExports) {
    this.#wasm = wasm;
  }

  /** Makes room for `length` bytes of input. */
  #reserve(length: number): void {
    if (length > this.#wasm.capacity.value && !this.#wasm.resizeInput(length))
      throw outOfMemory(`a piece of text of ${length} bytes`);
  }

  /** Writes text at `offset` of the input; gives the length of the input in bytes. */
  #write(text: string, offset: number): number {
    const { memory, inputAt, capacity } = this.#wasm;
    // Growing memory detaches the old buffer, whose length is then zero.
    if (this.#bytes.buffer !== memory.buffer) this.#bytes = new Uint8Array(memory.buffer);
    const target = this.#bytes.subarray(inputAt.value + offset, inputAt.value + capacity.value);
    return offset + this.#encoder.encodeInto(text, target).written;
  }

  /** Encodes a text; stops after more than `limit` ids. Gives the number of ids. */
  feed(text: string, limit: number, withStarts: boolean, sink: ChunkSink): number {
    const wasm = this.#wasm;
    let total = 0;
    let kept = 0;
    let position = 0;
    for (let at = 0; at < text.length && total <= limit; ) {
      // A UTF-16 unit is at most three bytes, so this many always fit.
      let end = Math.min(text.length, at + Math.floor((wasm.capacity.value - kept) / 3));
      // A pair of surrogates is not cut.
      if (end < text.length && text.charCodeAt(end - 1) >>> 10 === 0x36) end--;
      const final = end === text.length;
      const length = this.#write(text.slice(at, end), kept);
      const count = wasm.encodeInput(length, final, limit - total, withStarts);
      if (count === -1) throw outOfMemory('a word of this length');
      if (count < 0) {
        const byte = (-2 - count).toString(16);
        fail(`The vocabulary has no token for the byte 0x${byte} in the text, and no unknown token.`);
      }
      const units = withStarts ? wasm.startsToUnits(count) : 0;
      sink(count, position);
      position += units;
      total += count;
      at = end;
      if (final) break;
      kept = wasm.keepRest(length);
      // A piece that fills half of the buffer gets a larger one, so that pieces of any length are scanned a few times only.
      if (kept > wasm.capacity.value / 2) this.#reserve(wasm.capacity.value * 2);
    }
    return total;
  }
}
