import { byteRow, intersectRanges, uniteRanges } from './byte-ranges.ts';
import { distanceToEnd } from './distance.ts';
import type { Expression, Multiple, Row, Shape } from './expression.ts';
import { afterDigit, afterPoint, isMultiple, leastForMultiple } from './multiple.ts';
import { afterByte, joinRows } from './rows.ts';

/** Steps that counting strings may take: of sets so large the size is not asked. */
const MAX_COUNTED = 2000;

/**
 * Makes expressions and takes them apart byte by byte: what is left of an expression after a byte is an expression again
 * (Brzozowski, "Derivatives of regular expressions", 1964; Owens, Reppy, Turon, "Regular-expression derivatives
 * re-examined", 2009). So an automaton is never built: its states are the expressions that a text really reaches.
 */
export class Expressions {
  readonly #interned: Map<string, Expression> = new Map();
  readonly #rows: (Row | undefined)[] = [];
  readonly #distances: (number | undefined)[] = [];
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
    return parts.reduceRight((tail, head) => this.#sequence(head, tail), this.empty);
  }

  #sequence(head: Expression, tail: Expression): Expression {
    if (head === this.nothing || tail === this.nothing) return this.nothing;
    if (head === this.empty) return tail;
    if (tail === this.empty) return head;
    if (head.kind === 'sequence') return this.#sequence(head.head, this.#sequence(head.tail, tail));
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

  /** What is left after each byte. */
  row(of: Expression): Row {
    let row = this.#rows[of.id];
    if (!row) {
      row = this.#row(of);
      this.#rows[of.id] = row;
    }
    return row;
  }

  /** What is left after one byte. */
  after(of: Expression, byte: number): Expression {
    return afterByte(this.row(of), byte);
  }

  /** Bytes to the nearest end: 0 where the string may end here, Infinity where it never can. */
  distance(of: Expression): number {
    return of.exact ? of.least : distanceToEnd(of, (expression) => this.row(expression), this.#distances);
  }

  /** Whether there is no string in it. */
  isNothing(of: Expression): boolean {
    return this.distance(of) === Infinity;
  }

  /** How many strings are in it; Infinity for more than some hundred. */
  count(of: Expression): number {
    let opened = 0;
    const countFrom = (from: Expression): number => {
      if (this.isNothing(from)) return 0;
      if (++opened > MAX_COUNTED) return Infinity;
      const { starts, targets } = this.row(from);
      return targets.reduce(
        (sum, target, i) =>
          sum +
          (sum < Infinity && target.kind !== 'nothing' ? ((starts[i + 1] ?? 256) - starts[i]) * countFrom(target) : 0),
        from.nullable ? 1 : 0,
      );
    };
    return countFrom(of);
  }

  /** Whether a string is in it; char codes are bytes. */
  has(of: Expression, bytes: string): boolean {
    let left = of;
    for (let i = 0; i < bytes.length; i++) left = this.after(left, bytes.charCodeAt(i));
    return left.nullable;
  }

  #row(of: Expression): Row {
    switch (of.kind) {
      case 'nothing':
      case 'empty':
        return { starts: [0], targets: [this.nothing] };
      case 'bytes':
        return byteRow(of.ranges, this.empty, this.nothing);
      case 'sequence': {
        const head = this.row(of.head);
        if (!of.head.nullable) return joinRows([head], ([left]) => this.#sequence(left, of.tail));
        return joinRows([head, this.row(of.tail)], ([left, next]) =>
          this.choice([this.#sequence(left, of.tail), next]),
        );
      }
      case 'choice':
        return joinRows(
          of.parts.map((part) => this.row(part)),
          (lefts) => this.choice(lefts),
        );
      case 'both':
        return joinRows(
          of.parts.map((part) => this.row(part)),
          (lefts) => this.both(...lefts),
        );
      case 'not':
        return joinRows([this.row(of.body)], ([left]) => this.not(left));
      case 'repeat': {
        const rest = this.repeat(of.body, Math.max(0, of.min - 1), of.max - 1);
        return joinRows([this.row(of.body)], ([left]) => this.#sequence(left, rest));
      }
      case 'multiple':
        return this.#multipleRow(of);
    }
  }

  #multipleRow(of: Multiple): Row {
    const next = (multiple: Multiple | undefined): Expression => (multiple ? this.multiple(multiple) : this.nothing);
    const digits = Array.from({ length: 10 }, (_, digit) => next(afterDigit(of, digit)));
    const [point, zero, after] = [0x2e, 0x30, 0x3a];
    return {
      starts: [0, point, point + 1, ...digits.map((_, digit) => zero + digit), after],
      targets: [this.nothing, next(afterPoint(of)), this.nothing, ...digits, this.nothing],
    };
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
