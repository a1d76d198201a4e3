/**
 * Cuts `items` in two at random: a share to hold out, the others to learn from. Of each group (a label) the same share is held out, so
 * that a rare label is on both sides; of a group of one nothing is. Both keep the given order.
 *
 * @param groupOf what an item is grouped by
 */
export function splitExamples(
  items: readonly number[],
  share: number,
  groupOf: (item: number) => unknown,
  random: () => number,
): { readonly learn: number[]; readonly held: number[] } {
  const groups = new Map<unknown, number[]>();
  for (const item of items) {
    const group = groupOf(item);
    const members = groups.get(group);
    if (members) members.push(item);
    else groups.set(group, [item]);
  }
  const held = new Set<number>();
  for (const members of groups.values()) {
    const count = Math.min(members.length - 1, Math.round(share * members.length));
    shuffle(members, random);
    for (const item of members.slice(0, count)) held.add(item);
  }
  return { learn: items.filter((item) => !held.has(item)), held: items.filter((item) => held.has(item)) };
}

/** Into any order, each as likely as the others (Fisher and Yates). */
export function shuffle<T>(items: T[], random: () => number): void {
  for (let i = items.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [items[i], items[j]] = [items[j], items[i]];
  }
}
