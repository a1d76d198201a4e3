// The embedded model's tokenizer in plain TypeScript. sdk/tokenizer, which knows every kind and is made for speed, is ten
// kilobytes larger: too much for prompts of a few hundred tokens.

/** GPT-2's split pattern. White space is Unicode's, of which JavaScript's `\s` differs by two characters. */
const pieces =
  /'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\p{White_Space}\p{L}\p{N}]+|\p{White_Space}+(?!\P{White_Space})|\p{White_Space}+/gu;

/** Characters that stand for bytes in vocabulary files: printable ones for themselves, the others in turn from U+0100 on. */
const byteCharacters: readonly string[] = /* @__PURE__ */ (() => {
  let next = 256;
  return Array.from({ length: 256 }, (_, byte) => {
    const character = String.fromCharCode(byte);
    return /[!-~¡-¬®-ÿ]/.test(character) ? character : String.fromCharCode(next++);
  });
})();

/** A token's bytes. */
export const bytesOf = (token: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(token, (character) => byteCharacters.indexOf(character));

/**
 * Byte-level BPE as GPT-2 has it.
 *
 * @param ids every token's id
 * @param merges "left right", best first; what a merge makes stands behind it in no other merge (as training writes them)
 */
export function createEncoder(
  ids: Readonly<Record<string, number>>,
  merges: readonly string[],
): (text: string) => Uint32Array {
  const ranks = new Map(merges.map((merge, rank) => [merge, rank]));
  const encoder = new TextEncoder();

  function encodePiece(piece: string): number[] {
    // A list of tokens, linked by the places at which they begin; what was merged into its neighbour is empty.
    const tokens = Array.from(encoder.encode(piece), (byte) => byteCharacters[byte]);
    const before = tokens.map((_, at) => at - 1);
    const after = tokens.map((_, at) => at + 1);
    const rankAt = (at: number): number | undefined => ranks.get(`${tokens[at]} ${tokens[after[at]]}`);
    /** By rank, where its pair stood when it was found. */
    const found: number[][] = [];
    const look = (at: number): void => {
      const rank = rankAt(at);
      if (rank !== undefined) (found[rank] ??= []).push(at);
    };
    for (const at of tokens.keys()) look(at);
    for (let rank = 0; rank < found.length; rank++) {
      for (const at of found[rank]?.sort((a, b) => a - b) ?? []) {
        if (rankAt(at) !== rank) continue;
        const right = after[at];
        tokens[at] += tokens[right];
        tokens[right] = '';
        after[at] = after[right];
        before[after[at]] = at;
        look(before[at]);
        look(at);
      }
    }
    return tokens.filter(Boolean).map((token) => ids[token]);
  }

  return (text) => Uint32Array.from(text.match(pieces)?.flatMap(encodePiece) ?? []);
}
