import type { IsSought, TextPart } from './text-part.ts';
import type { AddedToken } from './tokenizer-definition.ts';

/** An added token found in a text, as UTF-16 positions; `end` is exclusive. */
export interface FoundToken {
  id: number;
  start: number;
  end: number;
}

const space = /\p{White_Space}/u;
/** As the hub's Rust code has it. */
const wordBefore = /[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_C}]$/u;
const wordAfter = /^[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_C}]/u;

/** Finds tokens in a text from left to right, of those that begin at one place the longest. */
export type FindTokens = (text: string, isSought: IsSought) => FoundToken[];

/** Makes added tokens ready to be found, in time linear in the text: some vocabularies have thousands. */
export function tokenFinder(tokens: readonly AddedToken[]): FindTokens {
  /** All that tokens begin with; a whole token's text → the token. */
  const starts = new Map<string, AddedToken | undefined>();
  for (const token of tokens) {
    const { length } = token.content;
    for (let end = 1; end <= length; end++) {
      const start = token.content.slice(0, end);
      starts.set(start, starts.get(start) ?? (end === length ? token : undefined));
    }
  }
  const units = tokens.map(({ content }) => content[0]).join('');
  const begin = new RegExp(`[${units.replace(/[\]\\^-]/g, '\\$&')}]`, 'g');

  return (text, isSought) => {
    const found: FoundToken[] = [];
    begin.lastIndex = 0;
    while (begin.test(text)) {
      let start = begin.lastIndex - 1;
      let end = start;
      let best: AddedToken | undefined;
      while (end < text.length && starts.has(text.slice(start, end + 1))) {
        const token = starts.get(text.slice(start, ++end));
        if (token && isSought(token)) best = token;
      }
      if (!best) continue;
      end = start + best.content.length;
      begin.lastIndex = end;
      if (
        best.singleWord &&
        (wordBefore.test(text.slice(Math.max(0, start - 2), start)) || wordAfter.test(text.slice(end, end + 2)))
      )
        continue;
      const from = found.at(-1)?.end ?? 0;
      if (best.lstrip) while (start > from && space.test(text[start - 1])) start--;
      if (best.rstrip) while (end < text.length && space.test(text[end])) end++;
      found.push({ id: best.id, start, end });
    }
    return found;
  };
}

/** The tokens found in a text, and between them what the rest comes to. */
export function* between(
  text: string,
  found: readonly FoundToken[],
  partsOf: (rest: string, at: number) => Iterable<TextPart>,
): Generator<TextPart> {
  let position = 0;
  for (const { id, start, end } of found) {
    if (start > position) yield* partsOf(text.slice(position, start), position);
    yield { id, at: start };
    position = end;
  }
  if (position < text.length) yield* partsOf(text.slice(position), position);
}
