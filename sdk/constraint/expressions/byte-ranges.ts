import type { Expression, Row } from './expression.ts';

// Sets of bytes as flat pairs of first and last, ascending, with gaps between.

export function uniteRanges(pairs: readonly number[]): number[] {
  const starts = Array.from({ length: pairs.length / 2 }, (_, i) => [pairs[2 * i], pairs[2 * i + 1]]);
  const united: number[] = [];
  for (const [first, last] of starts.sort((a, b) => a[0] - b[0])) {
    const top = united.length - 1;
    if (top > 0 && first <= united[top] + 1) united[top] = Math.max(united[top], last);
    else united.push(first, last);
  }
  return united;
}

export function intersectRanges(left: readonly number[], right: readonly number[]): number[] {
  const common: number[] = [];
  for (let i = 0, j = 0; i < left.length && j < right.length; ) {
    const first = Math.max(left[i], right[j]);
    const last = Math.min(left[i + 1], right[j + 1]);
    if (first <= last) common.push(first, last);
    if (left[i + 1] < right[j + 1]) i += 2;
    else j += 2;
  }
  return common;
}

/** The row that has one target for the set and another outside it. */
export function byteRow(ranges: readonly number[], inside: Expression, outside: Expression): Row {
  const starts: number[] = [];
  const targets: Expression[] = [];
  if (ranges[0] > 0) {
    starts.push(0);
    targets.push(outside);
  }
  for (let i = 0; i < ranges.length; i += 2) {
    starts.push(ranges[i]);
    targets.push(inside);
    if (ranges[i + 1] < 255) {
      starts.push(ranges[i + 1] + 1);
      targets.push(outside);
    }
  }
  return { starts, targets };
}
