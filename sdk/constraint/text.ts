import type { CodePointRange } from './code-point-range.ts';
import type { Expression } from './expressions/expression.ts';
import type { Expressions } from './expressions/expressions.ts';
import { inString } from './json-escapes.ts';
import { type ByteRanges, utf8Ranges } from './utf8-ranges.ts';

/** Texts as expressions over the bytes that write them: plain UTF-8, or as they stand inside a JSON string. */
export class Text {
  readonly expressions: Expressions;
  readonly #escaped: boolean;
  readonly #sets: Map<string, Expression> = new Map();
  readonly #single: Map<string, Expression> = new Map();
  /** Any one character. */
  readonly anyCharacter: Expression;
  /** Any text. */
  readonly any: Expression;

  constructor(expressions: Expressions, escaped: boolean) {
    this.expressions = expressions;
    this.#escaped = escaped;
    this.anyCharacter = this.characters([
      [0, 0xd7ff],
      [0xe000, 0x10ffff],
    ]);
    this.any = expressions.repeat(this.anyCharacter, 0, Infinity);
  }

  /** One character of a set. */
  characters(ranges: readonly CodePointRange[]): Expression {
    const key = ranges.join(';');
    let set = this.#sets.get(key);
    if (!set) {
      const encode = this.#escaped ? inString : utf8Ranges;
      set = this.#byBytes(ranges.flatMap(([first, last]) => encode(first, last)));
      this.#sets.set(key, set);
    }
    return set;
  }

  /** Encodings that begin alike are read together: else every byte would look at each of them. */
  #byBytes(encodings: readonly ByteRanges[]): Expression {
    const { expressions } = this;
    const groups = new Map<string, ByteRanges[]>();
    for (const encoding of encodings) {
      const first = String(encoding[0]);
      const group = groups.get(first);
      if (group) group.push(encoding);
      else groups.set(first, [encoding]);
    }
    return expressions.choice(
      Array.from(groups.values(), (group) => {
        const first = expressions.bytes(group[0][0]);
        return group[0].length === 1
          ? first
          : expressions.sequence(first, this.#byBytes(group.map((encoding) => encoding.slice(1))));
      }),
    );
  }

  /** Exactly this text. */
  literal(text: string): Expression {
    return this.expressions.sequence(...Array.from(text, (character) => this.#character(character)));
  }

  /** Any of some texts, those that begin alike read together. */
  literals(texts: Iterable<string>): Expression {
    const { expressions } = this;
    const groups = new Map<string, string[]>();
    const parts: Expression[] = [];
    for (const text of texts) {
      const [first = ''] = text;
      const rest = text.slice(first.length);
      const group = groups.get(first);
      if (group) group.push(rest);
      else groups.set(first, [rest]);
    }
    for (const [first, rests] of groups) {
      if (first === '') parts.push(expressions.empty);
      else if (rests.length === 1) parts.push(expressions.sequence(this.#character(first), this.literal(rests[0])));
      else parts.push(expressions.sequence(this.#character(first), this.literals(rests)));
    }
    return expressions.choice(parts);
  }

  #character(character: string): Expression {
    let known = this.#single.get(character);
    if (!known) {
      const code = character.codePointAt(0) as number;
      known = this.characters([[code, code]]);
      this.#single.set(character, known);
    }
    return known;
  }
}
