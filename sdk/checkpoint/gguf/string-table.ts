// A token may begin with the mark that decoders take for one of the text's order of bytes.
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** Many strings where they stand in a file's bytes: a vocabulary of 262,144 tokens needs no object for each. */
export class StringTable {
  readonly bytes: Uint8Array;
  readonly #starts: Uint32Array;
  readonly #ends: Uint32Array;

  constructor(bytes: Uint8Array, starts: Uint32Array, ends: Uint32Array) {
    this.bytes = bytes;
    this.#starts = starts;
    this.#ends = ends;
  }

  get length(): number {
    return this.#starts.length;
  }

  /** The UTF-8 of a string. */
  utf8(index: number): Uint8Array {
    return this.bytes.subarray(this.#starts[index], this.#ends[index]);
  }

  at(index: number): string {
    return decoder.decode(this.utf8(index));
  }
}
