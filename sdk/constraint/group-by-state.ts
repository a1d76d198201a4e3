/** A list of numbers for every state: those of state `s` lie at `begins[s]` … `begins[s + 1]` of `values`. */
export interface Groups {
  readonly begins: Int32Array;
  readonly values: Int32Array;
}

/**
 * Sorts entries by the state they belong to, keeping their order within it (counting sort).
 *
 * @param states how many states there are
 * @param of the state of each entry
 * @param values `width` numbers an entry
 */
export function groupByState(states: number, of: ArrayLike<number>, values: ArrayLike<number>, width: number): Groups {
  const begins = new Int32Array(states + 1);
  for (let i = 0; i < of.length; i++) begins[of[i] + 1] += width;
  for (let state = 0; state < states; state++) begins[state + 1] += begins[state];
  const next = begins.slice();
  const sorted = new Int32Array(values.length);
  for (let i = 0; i < of.length; i++) {
    for (let j = 0; j < width; j++) sorted[next[of[i]]++] = values[i * width + j];
  }
  return { begins, values: sorted };
}
