/**
 * Keys that occur twice in the outermost object of a valid JSON text. JSON.parse keeps the last of them
 * without a word; where keys name tensors, that would hide one.
 */
export function duplicateKeys(json: string): string[] {
  const seen = new Set<string>();
  const twice: string[] = [];
  let depth = 0;
  let last: string | undefined;
  // Strings are matched whole, so that brackets inside them do not count.
  for (const [token] of json.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\]:]/g)) {
    if (token === '{' || token === '[') depth++;
    else if (token === '}' || token === ']') depth--;
    else if (depth === 1 && token === ':' && last !== undefined) {
      const key = JSON.parse(last) as string;
      if (seen.has(key)) twice.push(key);
      seen.add(key);
    }
    last = token.startsWith('"') ? token : undefined;
  }
  return twice;
}
