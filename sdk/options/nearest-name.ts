/** The name that was meant: the same but for case and underscores, or for few letters at one place. */
export function nearestName(given: string, names: readonly string[]): string | undefined {
  const wanted = plain(given);
  for (let letters = 0; letters <= wanted.length / 3; letters++) {
    const near = names.find((name) => differing(wanted, plain(name)) === letters);
    if (near) return near;
  }
  return undefined;
}

const plain = (name: string): string => name.toLowerCase().replaceAll(/[_-]/g, '');

/** Letters of the longer of two names that are in neither their common beginning nor their common end. */
function differing(a: string, b: string): number {
  if (a && a[0] === b[0]) return differing(a.slice(1), b.slice(1));
  if (a && a.at(-1) === b.at(-1)) return differing(a.slice(0, -1), b.slice(0, -1));
  return Math.max(a.length, b.length);
}
