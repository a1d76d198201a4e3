import type { Pacer } from '../pacer.ts';

/** GPT-2's: contractions, then words, numbers and punctuation with the one space before them (Radford et al., 2019). */
const piecePattern = (): RegExp => /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+/gu;

/** Between two looks at the clock. */
const piecesAtOnce = 2000;

/** How often each piece of the texts occurs. No merge goes across the border of a piece. */
export async function countPieces(
  texts: readonly string[],
  pacer: Pacer,
  onCharacters: (characters: number) => void,
): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  let before = 0;
  for (const text of texts) {
    let left = piecesAtOnce;
    for (const { 0: piece, index } of text.matchAll(piecePattern())) {
      counts.set(piece, (counts.get(piece) ?? 0) + 1);
      if (--left > 0) continue;
      left = piecesAtOnce;
      onCharacters(before + index);
      if (pacer.isDue) await pacer.rest();
    }
    before += text.length;
    if (pacer.isDue) await pacer.rest();
  }
  return counts;
}
