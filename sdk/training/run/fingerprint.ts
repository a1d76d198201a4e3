/** A hash of words that tells inputs apart, 64 bits; nobody's secret depends on it. */
export class Fingerprint {
  #low = 0x811c9dc5;
  #high = 0x9e3779b9;

  word(word: number): void {
    this.#low = Math.imul(this.#low ^ word, 0x01000193);
    this.#low ^= this.#low >>> 15;
    this.#high = Math.imul(this.#high ^ word, 0x85ebca6b);
    this.#high ^= this.#high >>> 13;
  }

  words(words: ArrayLike<number>): void {
    this.word(words.length);
    for (let i = 0; i < words.length; i++) this.word(words[i]);
  }

  text(text: string): void {
    this.words(new TextEncoder().encode(text));
  }

  /** The two halves, 0 … 2³² - 1. */
  get halves(): readonly [number, number] {
    return [this.#high >>> 0, this.#low >>> 0];
  }

  /** 16 hexadecimal digits. */
  toString(): string {
    return this.halves.map((half) => half.toString(16).padStart(8, '0')).join('');
  }
}
