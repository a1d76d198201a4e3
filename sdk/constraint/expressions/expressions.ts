import { byteRow } from './byte-ranges.ts';
import { distanceToEnd } from './distance.ts';
import type { Expression, Multiple, Row } from './expression.ts';
import { ExpressionMaker } from './expression-maker.ts';
import { afterDigit, afterPoint } from './multiple.ts';
import { afterByte, joinRows } from './rows.ts';

/** Steps that counting strings may take: of sets so large the size is not asked. */
const MAX_COUNTED = 2000;

/**
 * Makes expressions and takes them apart byte by byte: what is left of an expression after a byte is an expression again
 * (Brzozowski, "Derivatives of regular expressions", 1964; Owens, Reppy, Turon, "Regular-expression derivatives
 * re-examined", 2009). So an automaton is never built: its states are the expressions that a text really reaches.
 */
export class Expressions extends ExpressionMaker {
  readonly #rows: (Row | undefined)[] = [];
  readonly #distances: (number | undefined)[] = [];

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
        if (!of.head.nullable) return joinRows([head], ([left]) => this.follow(left, of.tail));
        return joinRows([head, this.row(of.tail)], ([left, next]) => this.choice([this.follow(left, of.tail), next]));
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
        return joinRows([this.row(of.body)], ([left]) => this.follow(left, rest));
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
}
