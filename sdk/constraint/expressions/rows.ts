import type { Expression, Row } from './expression.ts';

/** The row of an expression made of others, from theirs: `join` gives what is left where they are left with `targets`. */
export function joinRows(rows: readonly Row[], join: (targets: Expression[]) => Expression): Row {
  const at = rows.map(() => 0);
  const starts: number[] = [];
  const targets: Expression[] = [];
  for (let byte = 0; byte < 256; ) {
    let end = 256;
    const here: Expression[] = [];
    for (let i = 0; i < rows.length; i++) {
      const { starts: begins, targets: lefts } = rows[i];
      while (at[i] + 1 < begins.length && begins[at[i] + 1] <= byte) at[i]++;
      here.push(lefts[at[i]]);
      if (at[i] + 1 < begins.length) end = Math.min(end, begins[at[i] + 1]);
    }
    const target = join(here);
    if (targets.at(-1) !== target) {
      starts.push(byte);
      targets.push(target);
    }
    byte = end;
  }
  return { starts, targets };
}

/** What is left after one byte. */
export function afterByte({ starts, targets }: Row, byte: number): Expression {
  let low = 0;
  for (let high = starts.length; high - low > 1; ) {
    const middle = (low + high) >> 1;
    if (starts[middle] <= byte) low = middle;
    else high = middle;
  }
  return targets[low];
}
