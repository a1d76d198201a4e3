const encoder = new TextEncoder();
const hex = '0123456789abcdef';

/** JSON as it is put together, in UTF-8: strings of a file go into it without becoming strings. */
export class JsonBytes {
  #bytes: Uint8Array<ArrayBuffer> = new Uint8Array(1 << 16);
  #length = 0;

  /** Text that is JSON already. */
  text(json: string): this {
    const bytes = encoder.encode(json);
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
    return this;
  }

  /** A string of UTF-8. */
  string(utf8: Uint8Array): this {
    // A byte takes six at most, \u0000.
    this.#reserve(6 * utf8.length + 2);
    this.#push(34);
    for (const byte of utf8) {
      if (byte < 32) {
        for (const letter of `\\u00${hex[byte >> 4]}${hex[byte & 15]}`) this.#push(letter.charCodeAt(0));
      } else {
        if (byte === 34 || byte === 92) this.#push(92);
        this.#push(byte);
      }
    }
    this.#push(34);
    return this;
  }

  finish(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  #push(byte: number): void {
    this.#bytes[this.#length++] = byte;
  }

  #reserve(count: number): void {
    if (this.#length + count <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(2 * this.#bytes.length, this.#length + count));
    larger.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = larger;
  }
}
