/** How the texts of a byte-level vocabulary are split, as a tokenizer.json says it. */
export interface PreTokenizer {
  readonly normalizer: unknown;
  readonly preTokenizer: unknown;
  /** Whether a word that is a token is not merged. */
  readonly ignoreMerges: boolean;
  /** Whether texts begin with a token where the file does not say. */
  readonly addsBegin: boolean;
}

const byteLevel = (ownPattern: boolean): unknown => ({
  type: 'ByteLevel',
  add_prefix_space: false,
  trim_offsets: true,
  use_regex: ownPattern,
});

const split = (regex: string): unknown => ({
  type: 'Sequence',
  pretokenizers: [{ type: 'Split', pattern: { Regex: regex }, behavior: 'Isolated', invert: false }, byteLevel(false)],
});

const contractions = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";
const ends = '\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+';
/** The pattern that came with GPT-4, for words, and for so many digits at a time. */
const words = (digits: string): string =>
  `${contractions}|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|${digits}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|${ends}`;
/** The one that came with GPT-4o, which splits words where small letters are followed by capital ones. */
const cased = (digits: string, after: string): string => {
  const [upper, lower] = ['[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]', '[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]'];
  const before = '[^\\r\\n\\p{L}\\p{N}]?';
  return `${before}${upper}*${lower}+${after}|${before}${upper}+${lower}*${after}|${digits}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|${ends}`;
};

const plain = { normalizer: null, ignoreMerges: false, addsBegin: false };
const gpt2 = { ...plain, preTokenizer: byteLevel(true) };
const singleDigits = {
  ...plain,
  preTokenizer: {
    type: 'Sequence',
    pretokenizers: [{ type: 'Digits', individual_digits: true }, byteLevel(true)],
  },
};
const threeDigits = { ...plain, preTokenizer: split(words('\\p{N}{1,3}')) };
const llama3 = { ...threeDigits, ignoreMerges: true, addsBegin: true };
const qwen2 = { ...plain, normalizer: { type: 'NFC' }, preTokenizer: split(words('\\p{N}')) };
const gpt4o = { ...plain, preTokenizer: split(cased('\\p{N}{1,3}', `${contractions}?`)) };
const tekken = { ...llama3, preTokenizer: split(cased('\\p{N}', '')) };

/** By llama.cpp's names, those of vocabularies that models of our architectures come with (its src/llama-vocab.cpp). */
export const preTokenizers: Readonly<Record<string, PreTokenizer>> = {
  'gpt-2': gpt2,
  'phi-2': gpt2,
  olmo: { ...gpt2, normalizer: { type: 'NFC' } },
  mpt: gpt2,
  starcoder: singleDigits,
  refact: singleDigits,
  smollm: singleDigits,
  codeshell: singleDigits,
  'command-r': singleDigits,
  dbrx: threeDigits,
  'smaug-bpe': threeDigits,
  'llama-bpe': llama3,
  llama3,
  'llama-v3': llama3,
  falcon3: llama3,
  lfm2: llama3,
  qwen2,
  'deepseek-r1-qwen': qwen2,
  stablelm2: qwen2,
  megrez: qwen2,
  'gpt-4o': gpt4o,
  tekken,
};
