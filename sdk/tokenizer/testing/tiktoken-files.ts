import type { TokenizerFiles } from '../tokenizer.ts';

/** The ranks of an encoding as js-tiktoken ships them. */
export interface TiktokenRanks {
  bpe_ranks: string;
  special_tokens: Record<string, number>;
  pat_str: string;
}

/** Each byte's character in the byte alphabet of vocab.json. */
function byteCharacters(): string[] {
  let next = 256;
  return Array.from({ length: 256 }, (_, byte) => {
    const visible = (byte > 32 && byte < 127) || (byte > 160 && byte !== 173);
    return String.fromCharCode(visible ? byte : next++);
  });
}

/** Splits a token (one character a byte) into the two parts that its merge joins, by merging with lower ranks only. */
function lastMerge(token: string, ranks: ReadonlyMap<string, number>, rank: number): string[] {
  const parts = [...token];
  for (;;) {
    let best = rank;
    let at = -1;
    for (let i = 0; i + 1 < parts.length; i++) {
      const found = ranks.get(parts[i] + parts[i + 1]);
      if (found !== undefined && found < best) {
        best = found;
        at = i;
      }
    }
    if (at < 0) return parts;
    parts.splice(at, 2, parts[at] + parts[at + 1]);
  }
}

/** Turns tiktoken's ranks into what a hub repository holds: the vocabulary and the merges, best first. */
export function vocabularyOf(ranks: TiktokenRanks): { vocab: Record<string, number>; merges: string[] } {
  const tokens = new Map<string, number>();
  for (const line of ranks.bpe_ranks.split('\n')) {
    const [, offset, ...encoded] = line.split(' ');
    for (const [index, text] of encoded.entries()) tokens.set(atob(text), Number(offset) + index);
  }
  const characters = byteCharacters();
  const spell = (bytes: string): string => Array.from(bytes, (byte) => characters[byte.charCodeAt(0)]).join('');
  const vocab: Record<string, number> = {};
  const merges: string[] = [];
  for (const [token, rank] of [...tokens].sort((a, b) => a[1] - b[1])) {
    vocab[spell(token)] = rank;
    if (token.length === 1) continue;
    const parts = lastMerge(token, tokens, rank);
    if (parts.length === 2) merges.push(parts.map(spell).join(' '));
  }
  return { vocab, merges };
}

/** vocab.json and merges.txt of an encoding with GPT-2's split pattern. */
export function gpt2Files(ranks: TiktokenRanks): TokenizerFiles {
  const { vocab, merges } = vocabularyOf(ranks);
  return {
    'vocab.json': JSON.stringify({ ...vocab, ...ranks.special_tokens }),
    'merges.txt': `#version: 0.2\n${merges.join('\n')}\n`,
  };
}

/** tokenizer.json of an encoding with its own split pattern. */
export function tokenizerJson(ranks: TiktokenRanks): TokenizerFiles {
  const { vocab, merges } = vocabularyOf(ranks);
  const added = Object.entries(ranks.special_tokens).map(([content, id]) => ({ id, content, special: true }));
  const split = { type: 'Split', pattern: { Regex: ranks.pat_str }, behavior: 'Removed', invert: true };
  const bytes = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: false };
  return {
    'tokenizer.json': JSON.stringify({
      added_tokens: added,
      normalizer: null,
      pre_tokenizer: { type: 'Sequence', pretokenizers: [split, bytes] },
      model: { type: 'BPE', vocab, merges: merges.map((merge) => merge.split(' ')) },
    }),
  };
}
