import { byteAlphabet } from './byte-alphabet.ts';

/** Names of the files that a trained tokenizer is written as. */
export type TrainedTokenizerFile =
  | 'tokenizer.json'
  | 'vocab.json'
  | 'merges.txt'
  | 'tokenizer_config.json'
  | 'special_tokens_map.json';

/**
 * A byte-level BPE tokenizer in the hub's layout, GPT-2's way: ids of the 256 bytes (the printable ones first), then of the merges, then of special
 * tokens, of which the first ends a text.
 */
export function tokenizerFiles(
  merges: readonly (readonly [string, string])[],
  specialTokens: readonly string[],
): Record<TrainedTokenizerFile, Uint8Array<ArrayBuffer>> {
  const bytes = byteAlphabet();
  const isPrintable = (character: string): boolean => character.charCodeAt(0) < 256;
  const tokens = [
    ...bytes.filter(isPrintable),
    ...bytes.filter((character) => !isPrintable(character)),
    ...new Set(merges.map(([left, right]) => left + right)),
    ...specialTokens,
  ];
  const vocab = Object.fromEntries(tokens.map((token, id) => [token, id]));
  const lines = merges.map((pair) => pair.join(' '));
  const byteLevel = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true };
  const [end, ...others] = specialTokens;
  const ends = end === undefined ? {} : { bos_token: end, eos_token: end, unk_token: end, pad_token: end };
  const added = specialTokens.map((content) => ({
    id: vocab[content],
    content,
    ...{ single_word: false, lstrip: false, rstrip: false, normalized: false, special: true },
  }));
  const model = {
    ...{ type: 'BPE', dropout: null, unk_token: null, continuing_subword_prefix: '', end_of_word_suffix: '' },
    fuse_unk: false,
    vocab,
    merges: lines,
  };
  return {
    'tokenizer.json': json({
      ...{ version: '1.0', truncation: null, padding: null, added_tokens: added, normalizer: null },
      ...{ pre_tokenizer: byteLevel, post_processor: null, decoder: byteLevel, model },
    }),
    'vocab.json': json(vocab),
    'merges.txt': new TextEncoder().encode(['#version: 0.2', ...lines, ''].join('\n')),
    'tokenizer_config.json': json({ add_prefix_space: false, ...ends, tokenizer_class: 'GPT2Tokenizer' }),
    'special_tokens_map.json': json({ ...ends, additional_special_tokens: others }),
  };
}

const json = (value: unknown): Uint8Array<ArrayBuffer> => new TextEncoder().encode(`${JSON.stringify(value)}\n`);
