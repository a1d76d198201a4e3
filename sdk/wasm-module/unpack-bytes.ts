/** Codes 35 to 126 without quotes and backslash: this many of them stand for themselves, the two above begin a pair. */
const DIGITS = 87;

/**
 * Bytes of a string that `scripts/packaging/pack-bytes.mjs` wrote: WebAssembly as text that needs no escapes. It is not
 * compressed, since what a server sends is: gzip sees the module's own patterns and packs them better than a
 * base64 of deflated bytes, and nothing has to be inflated here.
 */
export function unpackBytes(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(text.length);
  let length = 0;
  let above = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    const digit = code - 35 - Number(code > 39) - Number(code > 92) - Number(code > 96);
    if (digit >= DIGITS) above = (digit - DIGITS + 1) * DIGITS;
    else {
      // Local indices and the commonest opcodes lie in 0xf0 … 0x46: those take one character. The array keeps the low 8 bits.
      bytes[length++] = above + digit - 16;
      above = 0;
    }
  }
  return bytes.slice(0, length);
}
