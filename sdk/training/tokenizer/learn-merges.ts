import type { Pacer } from '../pacer.ts';
import { byteAlphabet } from './byte-alphabet.ts';
import { type CountedPair, PairQueue } from './pair-queue.ts';

/** A pair's key: ids are far below 2²⁴, so it is exact. */
const keyOf = (left: number, right: number): number => left * 2 ** 24 + right;

/**
 * Byte-pair encoding (Sennrich et al., 2016) on bytes, as GPT-2 does it: again and again the most frequent pair of symbols becomes one. Counts are
 * kept as they change: a merge touches only the pieces that hold its pair. Of equal counts, the pair that sorts first: the result is the
 * same on every machine.
 *
 * @param most new tokens at most; fewer where no pair occurs `minFrequency` times any more. Of two merges that spell the same token, one is new
 */
export async function learnMerges(
  pieces: ReadonlyMap<string, number>,
  most: number,
  minFrequency: number,
  pacer: Pacer,
  onToken: (tokens: number) => void,
): Promise<[string, string][]> {
  const spelling = byteAlphabet();
  const idOf = new Map(spelling.map((token, id) => [token, id]));
  const words = [...pieces.keys()].map((piece) => [...new TextEncoder().encode(piece)]);
  const counts = [...pieces.values()];
  const pairCounts = new Map<number, number>();
  /** Which words have held a pair; some may do so no more. */
  const holders = new Map<number, number[]>();

  const count = (word: number, symbols: readonly number[], sign: 1 | -1, changed?: Set<number>): void => {
    for (let i = 1; i < symbols.length; i++) {
      const key = keyOf(symbols[i - 1], symbols[i]);
      pairCounts.set(key, (pairCounts.get(key) ?? 0) + sign * counts[word]);
      changed?.add(key);
      if (sign < 0) continue;
      const held = holders.get(key);
      if (!held) holders.set(key, [word]);
      else if (held[held.length - 1] !== word) held.push(word);
    }
  };
  for (const [word, symbols] of words.entries()) {
    count(word, symbols, 1);
    if (pacer.isDue) await pacer.rest();
  }

  const queue = new PairQueue((a, b) => a.count > b.count || (a.count === b.count && sortsBefore(a, b, spelling)));
  const offer = (key: number): void => {
    const occurs = pairCounts.get(key) ?? 0;
    if (occurs >= minFrequency) queue.push({ left: Math.floor(key / 2 ** 24), right: key % 2 ** 24, count: occurs });
  };
  for (const key of pairCounts.keys()) offer(key);

  const merges: [string, string][] = [];
  for (let pair = queue.pop(); pair && spelling.length < 256 + most; pair = queue.pop()) {
    const key = keyOf(pair.left, pair.right);
    // Put there before the count changed; what it is now stands elsewhere in the queue.
    if (pairCounts.get(key) !== pair.count) continue;
    const token = spelling[pair.left] + spelling[pair.right];
    const merged = idOf.get(token) ?? spelling.push(token) - 1;
    idOf.set(token, merged);
    merges.push([spelling[pair.left], spelling[pair.right]]);
    const changed = new Set<number>();
    for (const word of holders.get(key) ?? []) {
      const joined = mergeIn(words[word], pair, merged);
      if (joined.length === words[word].length) continue;
      count(word, words[word], -1, changed);
      words[word] = joined;
      count(word, joined, 1, changed);
    }
    holders.delete(key);
    pairCounts.delete(key);
    changed.delete(key);
    for (const other of changed) offer(other);
    onToken(spelling.length - 256);
    if (pacer.isDue) await pacer.rest();
  }
  return merges;
}

function sortsBefore(a: CountedPair, b: CountedPair, spelling: readonly string[]): boolean {
  if (a.left !== b.left) return spelling[a.left] < spelling[b.left];
  return spelling[a.right] < spelling[b.right];
}

/** Every occurrence of the pair, from the left on, as one symbol. */
function mergeIn(symbols: readonly number[], { left, right }: CountedPair, merged: number): number[] {
  const joined: number[] = [];
  for (let i = 0; i < symbols.length; i++) {
    if (symbols[i] === left && symbols[i + 1] === right) {
      joined.push(merged);
      i++;
    } else joined.push(symbols[i]);
  }
  return joined;
}
