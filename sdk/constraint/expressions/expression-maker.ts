import { intersectRanges, uniteRanges } from './byte-ranges.ts';
import type { Expression, Multiple, Shape } from './expression.ts';
import { isMultiple, leastForMultiple } from './multiple.ts';

/** Makes expressions in their simplest form, each once. */
export class ExpressionMaker {
  readonly #interned: Map<string, Expression> = new Map();
  readonly nothing: Expression = this.#intern('', { kind: 'nothing' }, false, Infinity, true);
  readonly empty: Expression = this.#intern('e', { kind: 'empty' }, true, 0, true);
  /** Every byte string. */
  readonly all: Expression = this.not(this.nothing);

  /** How many there are. */
  get size(): number {
    return this.#interned.size;
  }

  bytes(ranges: readonly number[]): Expression {
    if (ranges.length === 0) return this.nothing;
    return this.#intern(`b${ranges}`, { kind: 'bytes', ranges }, false, 1, true);
  }

  sequence(...parts: Expression[]): Expression {
    return parts.reduceRight((tail, head) => this.follow(head, tail), this.empty);
  }

  /** `head`, then `tail`. */
  protected follow(head: Expression, tail: Expression): Expression {
    if (head === this.nothing || tail === this.nothing) return this.nothing;
    if (head === this.empty) return tail;
    if (tail === this.empty) return head;
    if (head.kind === 'sequence') return this.follow(head.head, this.follow(head.tail, tail));
    const shape: Shape = { kind: 'sequence', head, tail };
    const exact = head.exact && tail.exact;
    return this.#intern(
      `s${head.id},${tail.id}`,
      shape,
      head.nullable && tail.nullable,
      head.least + tail.least,
      exact,
    );
  }

  /** Strings of any of them. */
  choice(parts: Iterable<Expression>): Expression {
    const own = new Set<Expression>();
    const sets = new Set<readonly number[]>();
    for (const part of parts) {
      for (const each of part.kind === 'choice' ? part.parts : [part]) {
        if (each.kind === 'bytes') sets.add(each.ranges);
        else if (each !== this.nothing) own.add(each);
      }
    }
    if (sets.size > 0) own.add(this.bytes(sets.size === 1 ? [...sets][0] : uniteRanges([...sets].flat())));
    if (own.has(this.all)) return this.all;
    if (own.size > 1)
      for (const part of own)
        if (part.kind === 'empty' && [...own].some((p) => p !== part && p.nullable)) own.delete(part);
    if (own.size === 0) return this.nothing;
    const list = [...own].sort((a, b) => a.id - b.id);
    if (list.length === 1) return list[0];
    const least = Math.min(...list.map((part) => part.least));
    const exact = list.some((part) => part.exact && part.least === least);
    return this.#intern(
      `c${list.map((part) => part.id)}`,
      { kind: 'choice', parts: list },
      list.some((part) => part.nullable),
      least,
      exact,
    );
  }

  /** Strings that are in all of them. */
  both(...parts: Expression[]): Expression {
    const own = new Set<Expression>();
    let ranges: readonly number[] | undefined;
    for (const part of parts) {
      for (const each of part.kind === 'both' ? part.parts : [part]) {
        if (each.kind === 'bytes') ranges = ranges ? intersectRanges(ranges, each.ranges) : each.ranges;
        else if (each !== this.all) own.add(each);
      }
    }
    if (ranges) own.add(this.bytes(ranges));
    if (own.has(this.nothing)) return this.nothing;
    for (const part of own) if (part.kind === 'not' && own.has(part.body)) return this.nothing;
    if (own.has(this.empty)) return [...own].every((part) => part.nullable) ? this.empty : this.nothing;
    if (own.size === 0) return this.all;
    const list = [...own].sort((a, b) => a.id - b.id);
    if (list.length === 1) return list[0];
    const nullable = list.every((part) => part.nullable);
    const least = Math.max(...list.map((part) => part.least));
    return this.#intern(`a${list.map((part) => part.id)}`, { kind: 'both', parts: list }, nullable, least, nullable);
  }

  not(body: Expression): Expression {
    if (body.kind === 'not') return body.body;
    return this.#intern(`n${body.id}`, { kind: 'not', body }, !body.nullable, body.nullable ? 1 : 0, !body.nullable);
  }

  /** `left` without what is in `right`. */
  without(left: Expression, right: Expression): Expression {
    return right === this.nothing ? left : this.both(left, this.not(right));
  }

  repeat(body: Expression, min: number, max: number): Expression {
    if (max === 0 || body === this.empty) return this.empty;
    if (body === this.nothing) return min === 0 ? this.empty : this.nothing;
    if (min === 1 && max === 1) return body;
    if (body.nullable && min > 0) return this.repeat(body, 0, max);
    return this.#intern(
      `r${body.id},${min},${max}`,
      { kind: 'repeat', body, min, max },
      min === 0,
      min && min * body.least,
      body.exact || min === 0,
    );
  }

  optional(body: Expression): Expression {
    return this.choice([this.empty, body]);
  }

  multiple(multiple: Multiple): Expression {
    const { step, scale, remainder, places } = multiple;
    const key = `m${step},${scale},${remainder},${places}`;
    const least = leastForMultiple(multiple);
    if (least === Infinity) return this.nothing;
    return this.#intern(key, { kind: 'multiple', ...multiple }, isMultiple(multiple), least, true);
  }

  #intern(key: string, shape: Shape, nullable: boolean, least: number, exact: boolean): Expression {
    let known = this.#interned.get(key);
    if (!known) {
      known = { ...shape, id: this.#interned.size, nullable, least, exact, limited: isLimited(shape) };
      this.#interned.set(key, known);
    }
    return known;
  }
}

function isLimited(shape: Shape): boolean {
  switch (shape.kind) {
    case 'repeat':
      return shape.max < Infinity;
    case 'sequence':
      return shape.head.limited || shape.tail.limited;
    case 'choice':
      return shape.parts.some((part) => part.limited);
    default:
      return false;
  }
}
