// WebAssembly as text that gzips about as well as the module itself, so that a bundler sees nothing but JavaScript: printable ASCII
// without quotes, backslashes and dollar signs, for sdk/platform/unpack-bytes.ts, which has the same alphabet and says why.
const alphabet = 'RZUq^[Mptra),}{(0msohywb;|l?&]_IC>k1f#S+n= :uz3cxjAK*W5G<J~%vH/X4g!O87FTdi-6L92VENPDY@BQe.';
const digits = 88;

/** One character for the commonest 88 byte values of a WebAssembly module, two for the others. */
export function packBytes(bytes) {
  let text = '';
  for (const byte of bytes) {
    const value = (byte + 8) & 255;
    const above = Math.floor(value / digits);
    text += (above > 0 ? alphabet[digits + above - 1] : '') + alphabet[value % digits];
  }
  return text;
}
