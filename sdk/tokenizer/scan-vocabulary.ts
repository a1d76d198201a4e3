/** Tokens and their ids, in the order of the file; the ids are not checked. */
export interface Vocabulary {
  readonly tokens: readonly string[];
  readonly ids: ArrayLike<unknown>;
}

/** The vocabulary in an object that JSON.parse made. */
export function entriesOf(object: Record<string, unknown>): Vocabulary {
  const tokens = Object.keys(object);
  return { tokens, ids: tokens.map((token) => object[token]) };
}

/** A token and its id, up to the comma or the file's end behind it; the first one with the brace before it. */
const entry = /(?:^\s*{|(?!^))\s*"((?:[^"\\]|\\.)*)"\s*:\s*(0|[1-9]\d*)\s*(,|}\s*$)/y;

/**
 * Reads a vocab.json as the hub writes it, faster than JSON.parse, which makes 50,000 properties.
 * Gives up on anything out of the ordinary, errors among it; JSON.parse then finds the words for them.
 */
export function scanVocabulary(text: string): Vocabulary | undefined {
  const tokens: string[] = [];
  const ids: number[] = [];
  entry.lastIndex = 0;
  try {
    for (let separator = ','; separator === ','; ) {
      const [, token, id, next] = entry.exec(text)!;
      tokens.push(token.includes('\\') ? JSON.parse(`"${token}"`) : token);
      ids.push(Number(id));
      separator = next;
    }
    return { tokens, ids };
  } catch {
    return undefined;
  }
}
