/** The name that was meant: the same but for case and underscores, or for few letters at one place. */
export function nearestName(given: string, names: readonly string[]): string | undefined {
  const wanted = plain(given);
  const [nearest] = names
    .map((name) => ({ name, other: differing(wanted, plain(name)) }))
    .filter(({ other }) => other <= wanted.length / 3)
    .sort((a, b) => a.other - b.other);
  return nearest?.name;
}

const plain = (name: string): string => name.toLowerCase().replaceAll(/[_-]/g, '');

/** Letters of the longer of two names that are in neither their common beginning nor their common end. */
function differing(a: string, b: string): number {
  const shorter = Math.min(a.length, b.length);
  let same = 0;
  while (same < shorter && a[same] === b[same]) same++;
  for (let end = 1; same < shorter && a.at(-end) === b.at(-end); end++) same++;
  return Math.max(a.length, b.length) - same;
}
