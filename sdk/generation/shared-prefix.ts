/** A prefix goes through the model as a pass of its own; below this many tokens saved that costs more than it saves. */
const leastSaved = 16;

/**
 * How many first tokens of all sequences are the same and worth running once, at most `most`. Never one alone: a pass
 * over one token rounds otherwise than one over several, and a batch should not change a result.
 */
export function sharedPrefix(sequences: readonly Uint32Array[], most: number): number {
  const [first, ...others] = sequences;
  let shared = 0;
  while (shared < most && others.every((sequence) => sequence[shared] === first[shared])) shared++;
  return shared > 1 && shared * others.length >= leastSaved ? shared : 0;
}
