/**
 * 88 digits, then two letters that each begin a pair. The commonest bytes of our modules are the commonest letters of
 * minified JavaScript: gzip, which codes both in one block, spends few bits on the same letters then (1 % of a worker).
 */
const alphabet = 'RZUq^[Mptra),}{(0msohywb;|l?&]_IC>k1f#S+n= :uz3cxjAK*W5G<J~%vH/X4g!O87FTdi-6L92VENPDY@BQe.';
const DIGITS = 88;

/** Bytes as text. An object, so that a minifier leaves the text where its module stands. */
export interface PackedBytes {
  readonly packed: string;
}

/**
 * Bytes that `scripts/packaging/pack-bytes.mjs` wrote: WebAssembly as text that needs no escapes. It is not
 * compressed, since what a server sends is: gzip sees the module's own patterns and packs them better than a
 * base64 of deflated bytes, and nothing has to be inflated here.
 */
export function unpackBytes({ packed }: PackedBytes): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(packed.length);
  let length = 0;
  let above = 0;
  for (const letter of packed) {
    const digit = alphabet.indexOf(letter);
    if (digit >= DIGITS) above = (digit - DIGITS + 1) * DIGITS;
    else {
      // Local indices and the commonest opcodes lie in 0xf8 … 0x4f: those take one character. The array keeps the low 8 bits.
      bytes[length++] = above + digit - 8;
      above = 0;
    }
  }
  return bytes.slice(0, length);
}
