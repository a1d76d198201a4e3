/** A set of allowed token ids, one bit each: bit `id & 31` of word `id >> 5`. */
export class TokenMask {
  readonly words: Uint32Array;

  constructor(vocabSize: number) {
    this.words = new Uint32Array(Math.ceil(vocabSize / 32));
  }

  allowAll(): this {
    this.words.fill(0xffffffff);
    return this;
  }

  /** Allows only what `other` allows too. */
  intersect(other: Uint32Array): this {
    for (let i = 0; i < this.words.length; i++) this.words[i] &= other[i];
    return this;
  }

  ban(tokenId: number): this {
    this.words[tokenId >> 5] &= ~(1 << (tokenId & 31));
    return this;
  }
}
