/**
 * For every UTF-16 unit of `whole`, which is `transform(text)`, the place in `text` that it comes from (and
 * one entry more for the end). Works part by part, a part being a character with the marks that follow it.
 * Where the parts do not add up to the whole, because one changed another, places are those of a part nearby.
 */
export function alignParts(
  text: string,
  whole: string,
  transform: (part: string) => string,
  isMark: (codePoint: number) => boolean,
): Uint32Array {
  const places = new Uint32Array(whole.length + 1);
  const widthAt = (at: number): number => (text.codePointAt(at)! > 0xffff ? 2 : 1);
  let at = 0;
  for (let start = 0, end = 0; start < text.length; start = end) {
    end = start + widthAt(start);
    while (end < text.length && isMark(text.codePointAt(end)!)) end += widthAt(end);
    const part = text.slice(start, end);
    const result = transform(part);
    for (let i = 0; i < result.length && at < whole.length; i++)
      places[at++] = result.length === part.length ? start + i : start;
  }
  return places.fill(text.length, at);
}

/** Whether a character of a class (see wasm/tokenizer/unicode-class.ts) can melt into the one before it: a mark, or a Hangul vowel or final. */
export function isJoined(codePoint: number, characterClass: number): boolean {
  return characterClass === 5 || characterClass === 6 || (codePoint >= 0x1160 && codePoint <= 0x11ff);
}
