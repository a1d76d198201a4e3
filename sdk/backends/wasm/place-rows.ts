import type { RowGap } from './memory-layout.ts';

/** Rows that stay together. */
interface RowRun {
  /** The first one, counted from the first of all. */
  readonly from: number;
  readonly rows: number;
  /** Its place in the packed matrix. */
  readonly to: number;
}

/** Where `rows` rows of a matrix from row `first` on are placed. */
export function placeRows({ after, skip }: RowGap, first: number, rows: number): RowRun[] {
  const before = Math.max(0, Math.min(rows, after - first));
  const runs = [
    { from: 0, rows: before, to: first },
    { from: before, rows: rows - before, to: first + before + skip },
  ];
  return runs.filter((run) => run.rows > 0);
}
