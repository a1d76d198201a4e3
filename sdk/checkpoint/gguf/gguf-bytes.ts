import type { GptletError } from '../../errors/gptlet-error.ts';
import { StringTable } from './string-table.ts';

/** Thrown where more of the file is needed than was read. */
export class NeedsMore extends Error {
  /** How many bytes from the file's start on suffice to go on. */
  readonly bytes: number;

  constructor(bytes: number) {
    super();
    this.bytes = bytes;
  }
}

/** What throws for a file that is not sound. */
export type Bad = (what: string) => GptletError;

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** Goes through the beginning of a GGUF file, little-endian. */
export class GgufBytes {
  /** Where the next value stands. */
  at = 0;
  readonly bad: Bad;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #size: number;

  /**
   * @param bytes the file's beginning
   * @param size bytes of the whole file; infinite where that is unknown
   */
  constructor(bytes: Uint8Array, size: number, bad: Bad) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#size = size;
    this.bad = bad;
  }

  /** Goes past `count` bytes and says where they begin. @throws NeedsMore, or a GptletError where the file has not so many */
  take(count: number): number {
    const start = this.at;
    const end = start + count;
    if (end > this.#size) throw this.bad(`byte ${start} begins ${count} bytes, but the file ends at ${this.#size}`);
    if (end > this.#bytes.length) throw new NeedsMore(end);
    this.at = end;
    return start;
  }

  u8(): number {
    return this.#view.getUint8(this.take(1));
  }

  u32(): number {
    return this.#view.getUint32(this.take(4), true);
  }

  /** A count, size or offset. */
  u64(): number {
    const value = Number(this.#view.getBigUint64(this.take(8), true));
    if (Number.isSafeInteger(value)) return value;
    throw this.bad(`the count at byte ${this.at - 8} is ${value}, more than any file holds`);
  }

  string(): string {
    const length = this.u64();
    const start = this.take(length);
    return decoder.decode(this.#bytes.subarray(start, start + length));
  }

  strings(count: number): StringTable {
    // Each takes the eight bytes of its length at least: a count that lies ends here.
    this.#expect(count * 8);
    const starts = new Uint32Array(count);
    const ends = new Uint32Array(count);
    for (let i = 0; i < count; i++) {
      const length = this.u64();
      starts[i] = this.take(length);
      ends[i] = this.at;
    }
    return new StringTable(this.#bytes, starts, ends);
  }

  /** `count` numbers, each of `bytes` bytes, as `read` makes them of a place. */
  numbers(count: number, bytes: number, read: (view: DataView, at: number) => number): Float64Array {
    const start = this.take(count * bytes);
    return Float64Array.from({ length: count }, (_, i) => read(this.#view, start + i * bytes));
  }

  #expect(count: number): void {
    const start = this.at;
    this.take(count);
    this.at = start;
  }
}
