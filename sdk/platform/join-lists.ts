/** Joins lists; one list is given as it is. */
export function joinLists<List extends Uint8Array | Uint32Array>(
  parts: readonly List[],
  Kind: new (length: number) => List,
): List {
  if (parts.length === 1) return parts[0];
  const whole = new Kind(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
