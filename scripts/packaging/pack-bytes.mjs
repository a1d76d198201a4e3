// Bytes as printable ASCII without quotes and backslashes, for sdk/wasm-module/unpack-bytes.ts.
const alphabet = Array.from({ length: 92 }, (_, i) => String.fromCharCode(35 + i)).filter(
  (char) => !"'\\`".includes(char),
);
const digits = 87;

/** One character for the commonest 87 byte values of a WebAssembly module, two for the others. */
export function packBytes(bytes) {
  let text = '';
  for (const byte of bytes) {
    const value = (byte + 16) & 255;
    const above = Math.floor(value / digits);
    text += (above > 0 ? alphabet[digits + above - 1] : '') + alphabet[value % digits];
  }
  return text;
}
