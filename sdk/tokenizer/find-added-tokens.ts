import type { AddedToken } from './tokenizer-definition.ts';

/** An added token found in a text, as UTF-16 positions; `end` is exclusive. */
export interface FoundToken {
  id: number;
  start: number;
  end: number;
}

const space = /\p{White_Space}/u;
const wordBefore = /[\p{L}\p{M}\p{N}\p{Pc}]$/u;
const wordAfter = /^[\p{L}\p{M}\p{N}\p{Pc}]/u;

/**
 * Finds added tokens from left to right, the longest where several begin at one place. Each token's next
 * place is searched only once the last one is passed, so the time is linear in the text for every token.
 */
export function findAddedTokens(text: string, tokens: readonly AddedToken[]): FoundToken[] {
  const found: FoundToken[] = [];
  const waiting = tokens.map((token) => ({ token, at: text.indexOf(token.content) })).filter(({ at }) => at >= 0);
  let position = 0;
  while (waiting.length > 0) {
    let best = waiting[0];
    for (const candidate of waiting) {
      const nearer = candidate.at - best.at || best.token.content.length - candidate.token.content.length;
      if (nearer < 0) best = candidate;
    }
    const { id, lstrip, rstrip, singleWord, content } = best.token;
    let start = best.at;
    let end = start + content.length;
    const inWord =
      singleWord &&
      (wordBefore.test(text.slice(Math.max(0, start - 2), start)) || wordAfter.test(text.slice(end, end + 2)));
    if (!inWord) {
      const from = found.at(-1)?.end ?? 0;
      if (lstrip) while (start > from && space.test(text[start - 1])) start--;
      if (rstrip) while (end < text.length && space.test(text[end])) end++;
      found.push({ id, start, end });
    }
    position = end;
    for (let i = waiting.length - 1; i >= 0; i--) {
      const entry = waiting[i];
      if (entry.at < position) entry.at = text.indexOf(entry.token.content, position);
      if (entry.at < 0) waiting.splice(i, 1);
    }
  }
  return found;
}
