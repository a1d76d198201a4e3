import type { Split } from './tokenizer-definition.ts';
import { outOfMemory } from './wasm-exports.ts';

/** A split, and its pattern ready to run. */
export interface ReadySplit {
  readonly pattern: RegExp;
  readonly keep: Split['keep'];
}

/** The pieces that splits make of a text, one split after the other, and where each begins. */
export function* cutText(text: string, splits: readonly ReadySplit[], at = 0): Generator<[piece: string, at: number]> {
  const [split, ...others] = splits;
  if (!split) {
    yield [text, at];
    return;
  }
  const { pattern, keep } = split;
  const last = others.length === 0;
  let from = 0;
  for (let next = 0; next <= text.length; ) {
    const match = find(pattern, text, next);
    const start = match?.index ?? text.length;
    const end = match ? start + match[0].length : start;
    if (start > from && keep !== 'matches') {
      const gap = text.slice(from, start);
      if (last) yield [gap, at + from];
      else yield* cutText(gap, others, at + from);
    }
    if (!match) return;
    if (end > start && keep !== 'gaps') {
      if (last) yield [match[0], at + start];
      else yield* cutText(match[0], others, at + start);
    }
    from = end;
    // What matches nothing is looked for behind the next character.
    next = end > start ? end : end + (text.codePointAt(end)! > 0xffff ? 2 : 1);
  }
  if (from < text.length && keep !== 'matches') yield* cutText(text.slice(from), others, at + from);
}

/** The next match. An engine notes every character that it might give back, as far as it has room. */
function find(pattern: RegExp, text: string, from: number): RegExpExecArray | null {
  pattern.lastIndex = from;
  try {
    return pattern.exec(text);
  } catch (error) {
    if (error instanceof RangeError) throw outOfMemory(`a regular expression over ${text.length} characters`);
    throw error;
  }
}
