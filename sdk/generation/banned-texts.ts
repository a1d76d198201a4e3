import type { Tokenizer } from '../tokenizer/tokenizer.ts';

/**
 * Token sequences of texts that must not come: as written and after a space, as the hub's
 * `bad_words_ids` are usually made. A sequence is prevented by banning its last token where the rest stands.
 */
export function bannedSequences(texts: readonly string[], tokenizer: Tokenizer): Uint32Array[] {
  return texts
    .flatMap((text) => [text, ` ${text}`])
    .map((text) => tokenizer.encode(text, { addSpecial: false, continues: true }))
    .filter((ids) => ids.length > 0);
}

/** The ids that would complete a banned sequence after `history`. */
export function bannedNext(sequences: readonly Uint32Array[], history: readonly number[]): number[] {
  const banned: number[] = [];
  for (const sequence of sequences) {
    const before = sequence.length - 1;
    if (before > history.length) continue;
    let matches = true;
    for (let i = 0; i < before && matches; i++) matches = history[history.length - before + i] === sequence[i];
    if (matches) banned.push(sequence[before]);
  }
  return banned;
}
