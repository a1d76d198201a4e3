import { Model } from './structs';

/** Where the sequence that begins at token `start` ends. */
export function sequenceEnd(m: Model, start: i32): i32 {
  let end = start + 1;
  while (end < m.T && load<i32>(m.sequencePositions + (<usize>end << 2)) != 0) end++;
  return end;
}

/** The token whose result becomes row `row`: the row itself, or where only some are wanted the one in that place. */
// @ts-ignore: decorator
@inline
export function tokenOfRow(m: Model, row: i32, wantedOnly: bool): i32 {
  return wantedOnly ? load<i32>(m.wantedRows + (<usize>row << 2)) : row;
}
