/**
 * What a model is asked to go on from: the end of a text, at most `most` characters. The window moves in steps: between two of them the
 * prompt begins the same, and the KV cache knows it. A space at the end stays out, since tokens begin with theirs.
 *
 * @returns also whether there was such a space, which the continuation then does without
 */
export function promptWindow(text: string, most: number): { prompt: string; endsInSpace: boolean } {
  const step = Math.ceil(most / 4);
  const begin = Math.max(0, Math.ceil((text.length - most) / step) * step);
  const window = text.slice(begin);
  const prompt = window.replace(/ +$/, '');
  return { prompt, endsInSpace: prompt !== window };
}

/** What is left of a suggestion for the text `before` now that it is `after`: its rest, where one typed what it said. */
export function restOf(suggestion: string, before: string, after: string): string {
  const added = after.slice(before.length);
  return after.startsWith(before) && suggestion.startsWith(added) ? suggestion.slice(added.length) : '';
}

/** Without the last word, which may lack its end; in writing without spaces, and of a single word, all of it. */
export const wholeWords = (text: string): string => /^(.*\S)\s+\S*$/s.exec(text)?.[1] ?? text;
