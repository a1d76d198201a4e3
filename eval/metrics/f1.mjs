/** F1 of `[guessed, true]` pairs of 0s and 1s, as GLUE takes it: of the 1s. 0 where none was both. */
export function f1(pairs) {
  const both = pairs.filter(([guess, truth]) => guess === 1 && truth === 1).length;
  const either = pairs.reduce((sum, [guess, truth]) => sum + guess + truth, 0);
  return either === 0 ? 0 : (2 * both) / either;
}

/** The mean over the classes that occur of each one's F1, of `[guessed, true]` labels. */
export function macroF1(pairs) {
  const classes = [...new Set(pairs.map(([, truth]) => truth))];
  const of = (one) => f1(pairs.map((pair) => pair.map((label) => Number(label === one))));
  return classes.reduce((sum, one) => sum + of(one), 0) / classes.length;
}
