/** The name that was meant: the same but for case and underscores, or few letters away. */
export function nearestName(given: string, names: readonly string[]): string | undefined {
  const wanted = plain(given);
  if (wanted.length > 40) return undefined;
  const [nearest] = names
    .map((name) => ({ name, distance: editDistance(wanted, plain(name)) }))
    .filter(({ distance }) => distance <= wanted.length / 3)
    .sort((a, b) => a.distance - b.distance);
  return nearest?.name;
}

const plain = (name: string): string => name.toLowerCase().replaceAll(/[_-]/g, '');

/** Letters to insert, leave out or replace (Levenshtein), a row of the table at a time. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, i) => i);
  for (const letter of from) {
    const next = [row[0] + 1];
    for (let i = 0; i < to.length; i++)
      next.push(Math.min(next[i] + 1, row[i + 1] + 1, row[i] + (letter === to[i] ? 0 : 1)));
    row = next;
  }
  return row[to.length];
}
