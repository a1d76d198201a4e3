// A slow and plain GPT-1 tokenizer, written for the tests from the description of its steps: it works on one
// character at a time with JavaScript's own Unicode classes and shares no code with the real one.

const isControl = (character: string): boolean => /^\p{C}$/u.test(character) && !'\t\n\r'.includes(character);
const isBlank = (character: string): boolean => /^[\t\n\r\p{Z}]$/u.test(character);
const isPunctuation = (character: string): boolean => /^[\p{P}$+<=>^`|~]$/u.test(character);

const ideographs: [number, number][] = [
  [0x4e00, 0x9fff],
  [0x3400, 0x4dbf],
  [0x20000, 0x2a6df],
  [0x2a700, 0x2b73f],
  [0x2b740, 0x2b81f],
  [0x2b820, 0x2ceaf],
  [0xf900, 0xfaff],
  [0x2f800, 0x2fa1f],
];

/** The words that GPT-1 merges: cleaned, spaced, normalised, lowered, stripped of marks, split at punctuation. */
export function gpt1Words(text: string): string[] {
  let clean = '';
  for (const character of text) {
    const code = character.codePointAt(0)!;
    if (code === 0xfffd || isControl(character)) continue;
    if (isBlank(character)) clean += ' ';
    else if (ideographs.some(([first, last]) => code >= first && code <= last)) clean += ` ${character} `;
    else clean += character;
  }
  const words: string[] = [];
  for (const token of clean.normalize('NFC').split(' ')) {
    let word = '';
    for (const character of token.toLowerCase().normalize('NFD')) {
      if (/^\p{Mn}$/u.test(character)) continue;
      if (isPunctuation(character)) {
        words.push(word, character);
        word = '';
      } else word += character;
    }
    words.push(word);
  }
  return words.filter((word) => word !== '');
}

/** Token ids by repeated search for the best pair. */
export function gpt1Reference(
  vocab: Readonly<Record<string, number>>,
  merges: readonly string[],
): (text: string) => number[] {
  const ranks = new Map(merges.map((merge, rank) => [merge, rank]));
  const known = new Map(Object.entries(vocab));
  return (text) =>
    gpt1Words(text).flatMap((word) => {
      const parts = [...word];
      parts[parts.length - 1] += '</w>';
      for (;;) {
        let best = Infinity;
        let at = -1;
        for (let i = 0; i + 1 < parts.length; i++) {
          const rank = ranks.get(`${parts[i]} ${parts[i + 1]}`) ?? Infinity;
          if (rank < best) {
            best = rank;
            at = i;
          }
        }
        if (at < 0) break;
        parts.splice(at, 2, parts[at] + parts[at + 1]);
      }
      return parts.map((part) => known.get(part) ?? known.get('<unk>')!);
    });
}
