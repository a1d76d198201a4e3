import type { TextFeeder } from './text-feeder.ts';

/** UTF-16 units that are prepared at a time, about. */
const chunkUnits = 1 << 14;

/** End of the chunk of a GPT-1 text that begins at `start`: after a white space, so that no word and no letter's context is cut. */
export function chunkEnd(text: string, start: number): number {
  let end = start + chunkUnits;
  while (end < text.length && text.charCodeAt(end) !== 32 && text.charCodeAt(end) !== 10) end++;
  return Math.min(end, text.length);
}

/** The text as GPT-1's words are cut from: without control characters and marks, lowered, decomposed. */
export function gpt1Text(text: string, feeder: TextFeeder): string {
  return feeder.clean(feeder.clean(text, false).normalize('NFC').toLowerCase().normalize('NFD'), true);
}
