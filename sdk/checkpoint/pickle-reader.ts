/** A pickle that is damaged, or wants more than tables of tensors need. */
export class PickleError extends Error {}

/** The operands of a pickle's operations, one after the other. */
export class PickleReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  // One for all texts: making one takes longer than reading a name with it.
  readonly #decoder = new TextDecoder();
  /** The next byte. */
  at: number;

  constructor(bytes: Uint8Array, start: number) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.at = start;
  }

  /** Goes past `count` bytes; where they begin. @throws PickleError where there are no more so many */
  take(count: number): number {
    if (count < 0 || this.at + count > this.#bytes.length)
      throw new PickleError(`it ends in the middle of an operation (${count} bytes wanted at byte ${this.at})`);
    this.at += count;
    return this.at - count;
  }

  uint8(): number {
    return this.#bytes[this.take(1)];
  }

  uint16(): number {
    return this.#view.getUint16(this.take(2), true);
  }

  uint32(): number {
    return this.#view.getUint32(this.take(4), true);
  }

  int32(): number {
    return this.#view.getInt32(this.take(4), true);
  }

  /** A length of eight bytes. */
  length8(): number {
    return Number(this.#view.getBigUint64(this.take(8), true));
  }

  /** Big-endian, unlike the rest. */
  float64(): number {
    return this.#view.getFloat64(this.take(8), false);
  }

  /** A little-endian two's complement integer of `count` bytes; those that a double cannot hold are no sizes of ours. */
  longInteger(count: number): number {
    const from = this.take(count);
    let value = 0n;
    for (let i = this.at - 1; i >= from; i--) value = (value << 8n) | BigInt(this.#bytes[i]);
    return Number(BigInt.asIntN(8 * Math.max(1, count), value));
  }

  /** UTF-8 of `count` bytes. */
  text(count: number): string {
    const from = this.take(count);
    return this.#decoder.decode(this.#bytes.subarray(from, this.at));
  }

  /** Up to the next line feed, which is left out. */
  line(): string {
    const end = this.#bytes.indexOf(10, this.at);
    if (end < 0) throw new PickleError(`a line at byte ${this.at} has no end`);
    const result = this.text(end - this.at);
    this.at = end + 1;
    return result;
  }
}
