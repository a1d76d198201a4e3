// A text and what must come after it, to the letter: { context, completion }.
import { seeded, shuffled } from '../random.mjs';
import { jsonLines, lines, needed } from './rows.mjs';

const instruction = 'Please unscramble the letters into a word, and write that word:';

/** JSON lines of `context`, `completion`: the form in which GPT-3's own tests of words and of sums are handed out. */
export function completions({ file }) {
  const items = jsonLines(needed(file, 'completions'));
  // Letters to be put right are told what to do (appendix G); sums ask for themselves.
  return [{ name: file.split('/').at(-1), instruction: /^\s*Q:/.test(items[0]?.context) ? '' : instruction, items }];
}

/** GPT-3's five ways to scramble a word (section 3.9.2), over a list of words of --file, one a line. */
export function scrambled({ file }) {
  const words = lines(needed(file, 'scramble', 'a list of words, one a line'))
    .map((word) => word.trim())
    .filter((word) => word.length >= 4);
  return Object.entries(scrambles).map(([name, scramble]) => {
    const random = seeded(0);
    const items = words
      .map((word) => ({ mixed: scramble(word, random), word }))
      // A word that reads the same backwards asks nothing.
      .filter(({ mixed, word }) => mixed !== word)
      .map(({ mixed, word }) => ({ context: `\n${mixed} =`, completion: ` ${word}` }));
    return { name, instruction, items };
  });
}

/** Each makes of a word, of at least four letters, one that is not it wherever that is possible. */
export const scrambles = {
  'cycle letters': (word, random) => {
    const by = 1 + Math.floor(random() * (word.length - 1));
    return word.slice(by) + word.slice(0, by);
  },
  'anagrams of all but the first and last letters': (word, random) => anagram(word, 1, 1, random),
  'anagrams of all but the first and last 2 letters': (word, random) => anagram(word, 2, 2, random),
  'random insertion in word': (word, random) => {
    const marks = [' ', '.', ',', '!', '?', '/', '-', ';'];
    return [...word].reduce((text, letter) => text + marks[Math.floor(random() * marks.length)] + letter);
  },
  'reversed words': (word) => [...word].reverse().join(''),
};

function anagram(word, kept, keptBehind, random) {
  const middle = word.slice(kept, word.length - keptBehind);
  const mixed = () => word.slice(0, kept) + shuffled(middle, random).join('') + word.slice(word.length - keptBehind);
  if (new Set(middle).size < 2) return word;
  let result = word;
  while (result === word) result = mixed();
  return result;
}
