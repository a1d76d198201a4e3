import type { JsonBytes } from './json-bytes.ts';
import { tokenTypes } from './special-tokens.ts';
import type { StringTable } from './string-table.ts';

/**
 * Writes the merges of a vocabulary that has scores in their place. SentencePiece joins the two neighbours whose token has the
 * highest score, so any two tokens that spell a third are a merge, and its rank is the third one's.
 */
export function mergesByScore(tokens: StringTable, scores: Float64Array, types: Float64Array, json: JsonBytes): void {
  const texts = Array.from({ length: tokens.length }, (_, id) => tokens.at(id));
  const joins = (id: number): boolean => types[id] !== tokenTypes.control && types[id] !== tokenTypes.byte;
  const ids = new Map<string, number>();
  for (const [id, text] of texts.entries()) if (joins(id) && !ids.has(text)) ids.set(text, id);
  const order = [...ids.values()].sort((a, b) => scores[b] - scores[a] || a - b);
  json.text('[');
  let first = true;
  for (const id of order) {
    const text = texts[id];
    // A merge is written with a space between its two tokens, and a line break would end it.
    if (text.includes(' ') || text.includes('\n')) continue;
    for (let at = nextLetter(text, 0); at < text.length; at = nextLetter(text, at)) {
      const [left, right] = [text.slice(0, at), text.slice(at)];
      const [leftId, rightId] = [ids.get(left), ids.get(right)];
      if (leftId === undefined || rightId === undefined) continue;
      if (!first) json.mark(',');
      json.string(tokens.utf8(leftId), tokens.utf8(rightId));
      first = false;
    }
  }
  json.text(']');
}

/** Where the letter behind the one at `at` begins: tokens are not cut within one. */
const nextLetter = (text: string, at: number): number => at + ((text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1);
