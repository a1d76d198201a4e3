import type { Expression } from '../expressions/expression.ts';
import { Minimums } from '../schema/minimums.ts';
import type { Schemas } from '../schema/schemas.ts';
import type { Term } from '../schema/term.ts';
import { arrayPlace } from './array-place.ts';
import { objectPlace } from './object-place.ts';
import { type Place, Places, type Thread, threadTo } from './place.ts';
import type { ValueWriter } from './value-writer.ts';

/** Writes the values of a schema's terms as threads. */
export class ValueThreads implements ValueWriter {
  readonly schemas: Schemas;
  readonly minimums: Minimums;
  readonly places: Places = new Places();
  readonly #scalars: Map<Term, Expression> = new Map();
  readonly #firstKeys: Map<string, Expression> = new Map();
  readonly #laterKeys: Map<string, Expression> = new Map();
  readonly #opening: Readonly<Record<'[' | '{', Expression>>;
  /** Before every item or property but the first. */
  readonly comma: Expression;
  readonly closing: Readonly<Record<']' | '}', Expression>>;

  constructor(schemas: Schemas) {
    this.schemas = schemas;
    this.minimums = new Minimums(schemas);
    const { expressions, plain, blank } = schemas.language;
    const before = (text: string): Expression => expressions.sequence(plain.literal(text), blank);
    const after = (text: string): Expression => expressions.sequence(blank, plain.literal(text));
    this.#opening = { '[': before('['), '{': before('{') };
    this.comma = before(',');
    this.closing = { ']': after(']'), '}': after('}') };
  }

  /** The ways to write a value that fits a term, with what follows it. */
  value(term: Term, after: Place, text: string): Thread[] {
    const scalar = this.#scalar(term);
    const threads = scalar.kind === 'nothing' ? [] : threadTo(scalar, after, text);
    const add = (expression: Expression, place: Place): void => {
      threads.push(...threadTo(expression, place, text));
    };
    const { arrays, objects } = this.schemas.of(term);
    for (const shape of arrays)
      add(
        this.#opening['['],
        arrayPlace(
          this,
          shape,
          0,
          shape.contains.map(() => 0),
          [],
          after,
        ),
      );
    for (const shape of objects) {
      for (const open of this.minimums.opened(shape))
        add(this.#opening['{'], objectPlace(this, open, 0, 0, 0, [], after));
    }
    return threads;
  }

  /** Where a value that fits a term comes next. */
  valuePlace(term: Term, after: Place): Place {
    return this.places.get(`value ${term.id} ${after.id}`, (id) => ({
      id,
      distance: this.minimums.of(term) + after.distance,
      readsText: after.readsText,
      next: (text) => this.value(term, after, text),
    }));
  }

  memberKey(name: string, isFirst: boolean): Expression {
    const known = isFirst ? this.#firstKeys : this.#laterKeys;
    let key = known.get(name);
    if (!key) {
      key = this.propertyKey(this.schemas.language.plain.literal(`${JSON.stringify(name)}:`), isFirst);
      known.set(name, key);
    }
    return key;
  }

  propertyKey(key: Expression, isFirst: boolean): Expression {
    const { expressions, blank } = this.schemas.language;
    return isFirst ? expressions.sequence(key, blank) : expressions.sequence(this.comma, key, blank);
  }

  #scalar(term: Term): Expression {
    let scalar = this.#scalars.get(term);
    if (!scalar) {
      const { language } = this.schemas;
      const { expressions } = language;
      const { literals, numbers, strings } = this.schemas.of(term);
      const parts = [
        ...[...literals].map((literal) => language.plain.literal(literal)),
        ...numbers.map((number) => this.schemas.numberText(number)),
        language.quoted(strings),
      ];
      scalar = expressions.choice(parts.filter((part) => !expressions.isNothing(part)));
      this.#scalars.set(term, scalar);
    }
    return scalar;
  }
}
