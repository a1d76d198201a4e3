import type { TokenizerFiles } from '../tokenizer.ts';

/** All bytes in the byte alphabet, then a few merges, then added tokens: a byte-level tokenizer that fits on a page. */
export const smallMerges: string[] = [
  'h e',
  'l l',
  'he ll',
  'hell o',
  'Ġ w',
  'o r',
  'Ġw or',
  'l d',
  'Ġwor ld',
  'Ã ©',
  'Ġ Ġ',
];

/** Its vocabulary. */
export function smallVocabulary(): Record<string, number> {
  const vocab: Record<string, number> = {};
  let next = 256;
  for (let byte = 0; byte < 256; byte++) {
    const visible = (byte > 32 && byte < 127) || (byte > 160 && byte !== 173);
    vocab[String.fromCharCode(visible ? byte : next++)] = byte;
  }
  for (const merge of smallMerges) vocab[merge.replace(' ', '')] = Object.keys(vocab).length;
  vocab['<|endoftext|>'] = Object.keys(vocab).length;
  return vocab;
}

/** vocab.json and merges.txt. */
export function smallFiles(): TokenizerFiles {
  return {
    'vocab.json': JSON.stringify(smallVocabulary()),
    'merges.txt': `#version: 0.2\n${smallMerges.join('\n')}\n`,
  };
}

/** tokenizer.json, with parts replaced. */
export function smallJson(parts: Record<string, unknown> = {}, model: Record<string, unknown> = {}): TokenizerFiles {
  return {
    'tokenizer.json': JSON.stringify({
      added_tokens: [],
      normalizer: null,
      pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false },
      model: { type: 'BPE', vocab: smallVocabulary(), merges: smallMerges, ...model },
      ...parts,
    }),
  };
}
