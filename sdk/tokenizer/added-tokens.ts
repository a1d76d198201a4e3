import type { IsSought, TextPart } from './text-part.ts';
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

/** Added tokens as a tree of UTF-16 units, in tables without an object a token: some vocabularies have thousands of them. */
export class AddedTokens {
  /** A node and a unit, as one number → the node behind it; at node 0 every token begins. */
  readonly #steps: Map<number, number> = new Map();
  /** Node → the token that ends there. */
  readonly #ends: (AddedToken | undefined)[] = [];
  readonly #begin: RegExp;

  constructor(tokens: readonly AddedToken[]) {
    let nodes = 0;
    let begin = '';
    for (const token of tokens) {
      let node = 0;
      for (let i = 0; i < token.content.length; i++) {
        const unit = token.content.charCodeAt(i);
        const step = node * 0x10000 + unit;
        if (!this.#steps.has(step)) {
          this.#steps.set(step, ++nodes);
          if (i === 0) begin += `\\u${unit.toString(16).padStart(4, '0')}`;
        }
        node = this.#steps.get(step)!;
      }
      this.#ends[node] ??= token;
    }
    this.#begin = new RegExp(`[${begin}]`, 'g');
  }

  /** Finds tokens from left to right, of those that begin at one place the longest, in time linear in the text. */
  find(text: string, isSought: IsSought): FoundToken[] {
    const found: FoundToken[] = [];
    this.#begin.lastIndex = 0;
    while (this.#begin.test(text)) {
      let start = this.#begin.lastIndex - 1;
      let best: AddedToken | undefined;
      for (let at = start, node: number | undefined = 0; ; at++) {
        node = this.#steps.get(node * 0x10000 + text.charCodeAt(at));
        if (node === undefined) break;
        const token = this.#ends[node];
        if (token && isSought(token)) best = token;
      }
      if (!best) continue;
      const { id, lstrip, rstrip, singleWord, content } = best;
      let end = start + content.length;
      this.#begin.lastIndex = end;
      if (
        singleWord &&
        (wordBefore.test(text.slice(Math.max(0, start - 2), start)) || wordAfter.test(text.slice(end, end + 2)))
      )
        continue;
      const from = found.at(-1)?.end ?? 0;
      if (lstrip) while (start > from && space.test(text[start - 1])) start--;
      if (rstrip) while (end < text.length && space.test(text[end])) end++;
      found.push({ id, start, end });
    }
    return found;
  }
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
  if (position < text.length) yield* partsOf(position ? text.slice(position) : text, position);
}
