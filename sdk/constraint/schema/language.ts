import type { Expression } from '../expressions/expression.ts';
import { Expressions } from '../expressions/expressions.ts';
import { matchWithin, wholeMatch } from '../regex/regex-expression.ts';
import { Text } from '../text.ts';
import { formats } from './formats.ts';
import { NumberLanguage } from './number-language.ts';

/** The texts of JSON's scalars as expressions, made once for a schema. */
export class Language {
  readonly expressions: Expressions = new Expressions();
  /** What stands between the quotes of a string. */
  readonly content: Text = new Text(this.expressions, true);
  readonly plain: Text = new Text(this.expressions, false);
  readonly numbers: NumberLanguage = new NumberLanguage(this.plain);
  /** At most one blank or line break: more could run on for ever. */
  readonly blank: Expression = this.expressions.optional(
    this.plain.characters([
      [0x0a, 0x0a],
      [0x20, 0x20],
    ]),
  );
  readonly #patterns: Map<string, Expression> = new Map();

  /** Contents of strings that a pattern matches somewhere. */
  pattern(source: string): Expression {
    return this.#once(`p${source}`, () => matchWithin(source, this.content));
  }

  /** Contents of strings in a format; undefined where it has no name that the standard knows. */
  format(name: string): Expression | undefined {
    const source = formats(name);
    return source === undefined ? undefined : this.#once(`f${name}`, () => wholeMatch(source, this.content));
  }

  length(min: number, max: number): Expression {
    return this.expressions.repeat(this.content.anyCharacter, min, max);
  }

  quoted(content: Expression): Expression {
    return this.expressions.sequence(this.plain.literal('"'), content, this.plain.literal('"'));
  }

  #once(key: string, make: () => Expression): Expression {
    let known = this.#patterns.get(key);
    if (!known) {
      known = make();
      this.#patterns.set(key, known);
    }
    return known;
  }
}
