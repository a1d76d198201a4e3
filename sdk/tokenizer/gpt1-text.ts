import { alignParts, isJoined } from './align-parts.ts';
import type { ChunkSink, TextFeeder } from './text-feeder.ts';
import type { TokenizerExports } from './wasm-exports.ts';

/** UTF-16 units that one call into the module gets, about. */
const chunkUnits = 1 << 14;

/** End of the chunk that begins at `start`: after a white space, so that no word and no letter's context is cut. */
function chunkEnd(text: string, start: number): number {
  let end = start + chunkUnits;
  while (end < text.length && text.charCodeAt(end) !== 32 && text.charCodeAt(end) !== 10) end++;
  return Math.min(end, text.length);
}

/** The text as GPT-1's words are cut from: without control characters, lowered, decomposed. */
function normalized(text: string, feeder: TextFeeder, wasm: TokenizerExports, part: boolean): string {
  feeder.reserve(text.length * 3);
  const length = feeder.write(text, 0);
  // For ASCII the module does all this by itself, unless this is part of a text that is not ASCII.
  if (length === text.length && !part) return text;
  const cleaned = wasm.clean(length);
  const bytes = new Uint8Array(wasm.memory.buffer, wasm.inputAt(), cleaned);
  const kept = cleaned === length ? text : new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  return kept.normalize('NFC').toLowerCase().normalize('NFD');
}

/** Encodes a text as GPT-1 does; stops after more than `limit` ids. Gives the number of ids. */
export function feedGpt1(
  text: string,
  limit: number,
  withStarts: boolean,
  feeder: TextFeeder,
  wasm: TokenizerExports,
  sink: ChunkSink,
): number {
  let total = 0;
  for (let start = 0, end = 0; start < text.length && total <= limit; start = end) {
    end = chunkEnd(text, start);
    const chunk = text.slice(start, end);
    const words = normalized(chunk, feeder, wasm, false);
    const places =
      withStarts && words !== chunk
        ? alignParts(
            chunk,
            words,
            (part) => normalized(part, feeder, wasm, true),
            (codePoint) => isJoined(codePoint, wasm.classOf(codePoint)),
          )
        : undefined;
    feeder.reserve(words.length * 3);
    const length = feeder.write(words, 0);
    const count = feeder.checked(wasm.encodeGpt1(length, limit - total, withStarts));
    if (withStarts) {
      wasm.startsToUnits(count, length);
      if (places) {
        const starts = new Uint32Array(wasm.memory.buffer, wasm.startsAt(), count);
        starts.forEach((at, index) => {
          starts[index] = places[at];
        });
      }
    }
    sink(count, start);
    total += count;
  }
  return total;
}
