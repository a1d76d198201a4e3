import { outOfMemory, type TokenizerExports } from './wasm-exports.ts';

/** UTF-16 units that are prepared at a time, about. */
const chunkUnits = 1 << 14;

/** End of the chunk of a GPT-1 text that begins at `start`: after a white space, so that no word and no letter's context is cut. */
export function chunkEnd(text: string, start: number): number {
  let end = start + chunkUnits;
  while (end < text.length && text.charCodeAt(end) !== 32 && text.charCodeAt(end) !== 10) end++;
  return Math.min(end, text.length);
}

/** The text as GPT-1's words are cut from: without control characters and marks, lowered, decomposed. */
export function gpt1Text(text: string, wasm: TokenizerExports): string {
  return clean(clean(text, false, wasm).normalize('NFC').toLowerCase().normalize('NFD'), true, wasm);
}

/** The text without control characters, and with `marks` without nonspacing marks. */
function clean(text: string, marks: boolean, wasm: TokenizerExports): string {
  const bytes = new TextEncoder().encode(text);
  const { length } = bytes;
  if (length > wasm.capacity.value && !wasm.resizeInput(length))
    throw outOfMemory(`a piece of text of ${length} bytes`);
  const input = new Uint8Array(wasm.memory.buffer, wasm.inputAt.value, length);
  input.set(bytes);
  const kept = wasm.cleanInput(length, marks);
  return kept === length ? text : new TextDecoder('utf-8', { ignoreBOM: true }).decode(input.subarray(0, kept));
}
