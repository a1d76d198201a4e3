import { GptletError } from '../../errors/gptlet-error.ts';
import type { Expression, Row } from './expression.ts';

/** States that one search may open: more is a pattern that no page should wait for. */
const MAX_OPENED = 50_000;

/**
 * Bytes to the nearest end of an expression with intersections or complements, where that takes a search (A*, led by `least`).
 * What is found is kept in `known`, by id, for the whole way.
 */
export function distanceToEnd(
  from: Expression,
  rowOf: (expression: Expression) => Row,
  known: (number | undefined)[],
): number {
  const told = known[from.id];
  if (told !== undefined) return told;
  /** Expressions to be opened, by how far the way through them is at the least. */
  const queue: Expression[][] = [];
  const steps = new Map<Expression, number>([[from, 0]]);
  const previous = new Map<Expression, Expression>();
  const opened = new Set<Expression>();
  const push = (expression: Expression, step: number): void => {
    const whole = step + (known[expression.id] ?? expression.least);
    if (whole < Infinity) (queue[whole] ??= []).push(expression);
  };
  push(from, 0);
  for (let whole = 0; whole < queue.length; whole++) {
    for (let next = queue[whole]?.pop(); next; next = queue[whole].pop()) {
      const step = steps.get(next) as number;
      const rest = next.exact ? next.least : known[next.id];
      if (rest !== undefined && step + rest === whole) return keepWay(next, rest, previous, known, from);
      if (opened.has(next)) continue;
      opened.add(next);
      if (opened.size > MAX_OPENED) {
        throw new GptletError(
          'INVALID_OPTION',
          `The constraint joins patterns that need more than ${MAX_OPENED} states; allowed are simpler patterns, or smaller counts.`,
        );
      }
      for (const target of new Set(rowOf(next).targets)) {
        const before = steps.get(target);
        if (before !== undefined && before <= step + 1) continue;
        steps.set(target, step + 1);
        previous.set(target, next);
        opened.delete(target);
        push(target, step + 1);
        // A shorter way than the bound promised: look there first.
        whole = Math.min(whole, step + 1 + (known[target.id] ?? target.least));
      }
    }
  }
  for (const dead of opened) known[dead.id] = Infinity;
  return Infinity;
}

function keepWay(
  end: Expression,
  rest: number,
  previous: ReadonlyMap<Expression, Expression>,
  known: (number | undefined)[],
  from: Expression,
): number {
  let distance = rest;
  for (let at = end; ; at = previous.get(at) as Expression) {
    known[at.id] = Math.min(known[at.id] ?? Infinity, distance);
    if (at === from) return known[at.id] as number;
    distance++;
  }
}
