import { bad } from './parse-json.ts';
import { outOfMemory, type TokenizerExports } from './wasm-exports.ts';

/** Takes the ids of one chunk: their number, and the UTF-16 position of the chunk in its text. */
export type ChunkSink = (count: number, position: number) => void;

function isHighSurrogate(code: number): boolean {
  return code >>> 10 === 0x36;
}

/** Feeds text to the module in chunks that fit its input buffer, as UTF-8. */
export class TextFeeder {
  private readonly wasm: TokenizerExports;
  private readonly encoder: TextEncoder = new TextEncoder();
  private bytes: Uint8Array = new Uint8Array(0);

  constructor(wasm: TokenizerExports) {
    this.wasm = wasm;
  }

  /** Makes room for `length` bytes of input. */
  reserve(length: number): void {
    if (length > this.wasm.inputCapacity() && !this.wasm.resize(length))
      throw outOfMemory(`a piece of text of ${length} bytes`);
  }

  /** Writes text at `offset` of the input; gives its length in bytes. */
  write(text: string, offset: number): number {
    // Growing memory detaches the old buffer, whose length is then zero.
    if (this.bytes.buffer !== this.wasm.memory.buffer) this.bytes = new Uint8Array(this.wasm.memory.buffer);
    const at = this.wasm.inputAt();
    return this.encoder.encodeInto(text, this.bytes.subarray(at + offset, at + this.wasm.inputCapacity())).written;
  }

  /** Checks the result of an encoding call. */
  checked(count: number): number {
    if (count < 0) throw outOfMemory('a word of this length');
    const missing = this.wasm.missingSymbol();
    if (missing) {
      throw bad(
        `The vocabulary has no token for the byte 0x${(missing & 255).toString(16)} in the text, and no unknown token.`,
      );
    }
    return count;
  }

  /** Encodes a text byte-level; stops after more than `limit` ids. Gives the number of ids. */
  feed(text: string, limit: number, withStarts: boolean, sink: ChunkSink): number {
    const { wasm } = this;
    let total = 0;
    let kept = 0;
    let position = 0;
    for (let at = 0; at < text.length && total <= limit; ) {
      // A UTF-16 unit is at most three bytes, so this many always fit.
      let end = Math.min(text.length, at + Math.floor((wasm.inputCapacity() - kept) / 3));
      if (end < text.length && isHighSurrogate(text.charCodeAt(end - 1))) end--;
      const length = kept + this.write(at === 0 && end === text.length ? text : text.slice(at, end), kept);
      const final = end === text.length;
      const count = this.checked(wasm.encode(length, final, limit - total, withStarts));
      const units = withStarts ? wasm.startsToUnits(count, wasm.consumedBytes()) : 0;
      sink(count, position);
      position += units;
      total += count;
      at = end;
      if (final) break;
      kept = wasm.keepRest(length);
      // A piece that fills half of the buffer gets a larger one, so that pieces of any length are scanned a few times only.
      if (kept > wasm.inputCapacity() / 2) this.reserve(wasm.inputCapacity() * 2);
    }
    return total;
  }
}
