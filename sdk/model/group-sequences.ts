/** Sequences in order, gathered into groups of at most `mostTokens` tokens; a longer one is a group of its own. */
export function groupSequences(sequences: readonly Uint32Array[], mostTokens: number): Uint32Array[][] {
  const groups: Uint32Array[][] = [];
  let room = 0;
  for (const sequence of sequences) {
    if (groups.length === 0 || sequence.length > room) {
      groups.push([]);
      room = mostTokens;
    }
    groups[groups.length - 1].push(sequence);
    room -= sequence.length;
  }
  return groups;
}
