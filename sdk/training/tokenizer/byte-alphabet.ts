/**
 * GPT-2's printable stand-ins: a byte that is printable in Latin-1 stands for itself, the other 68 take the code points from 256 on. By them
 * vocab.json and merges.txt are plain text.
 */
export function byteAlphabet(): string[] {
  const isPrintable = (byte: number): boolean =>
    (byte > 0x20 && byte < 0x7f) || (byte > 0xa0 && byte < 0xad) || byte > 0xad;
  let extra = 256;
  return Array.from({ length: 256 }, (_, byte) => String.fromCharCode(isPrintable(byte) ? byte : extra++));
}
