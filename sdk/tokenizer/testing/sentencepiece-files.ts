import type { TokenizerFiles } from '../tokenizer.ts';

/** What SentencePiece vocabularies have for a blank. */
export const mark = '\u2581';

/** A vocabulary like SentencePiece's: control tokens, all bytes, what merges make, then characters. */
export interface SmallVocabulary {
  /** By id. */
  readonly tokens: readonly string[];
  /** Best first. */
  readonly merges: readonly (readonly [string, string])[];
}

/** Merges that no training on words finds: runs of blanks and line feeds, and a token with a blank within it. */
const more: [string, string][] = [
  [mark, mark],
  [mark + mark, mark + mark],
  ['\n', '\n'],
  ['>', mark],
  [`>${mark}`, '<'],
];

/** Trains `count` merges on the words of a text, each with a mark before it, and adds a few more. */
export function trainVocabulary(text: string, count: number): SmallVocabulary {
  const words = text.split(' ').map((word) => [...mark, ...word]);
  const characters = new Set([...words.flat(), '\n', '>', '<']);
  const merges: [string, string][] = [];
  while (merges.length < count) {
    const pairs = new Map<string, number>();
    for (const parts of words)
      for (let i = 0; i + 1 < parts.length; i++) {
        const pair = `${parts[i]} ${parts[i + 1]}`;
        pairs.set(pair, (pairs.get(pair) ?? 0) + 1);
      }
    if (pairs.size === 0) break;
    const [best] = [...pairs].reduce((a, b) => (b[1] > a[1] ? b : a));
    const [left, right] = best.split(' ');
    merges.push([left, right]);
    for (const parts of words)
      for (let i = 0; i + 1 < parts.length; i++)
        if (parts[i] === left && parts[i + 1] === right) parts.splice(i, 2, left + right);
  }
  merges.push(...more);
  const bytes = Array.from({ length: 256 }, (_, byte) => byteToken(byte));
  const made = merges.map(([left, right]) => left + right);
  return { tokens: [...new Set(['<unk>', '<s>', '</s>', ...bytes, ...made, ...characters])], merges };
}

/** `<0x0A>` */
export const byteToken = (byte: number): string => `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`;

const lesson: string =
  `the quick brown fox jumps over the lazy dog and the other dogs run over and over again while the fox is
  thinking of the quick dogs and of another day in the sun, naïve as ever; мир и труд и мир, 日本語の日本 日本`
    .replace(/\s+/g, ' ')
    .trim();

export const smallText: SmallVocabulary = trainVocabulary(lesson, 120);

type Json = Record<string, unknown>;

const replace: Json = { type: 'Replace', pattern: { String: ' ' }, content: mark };
const prepend: Json = { type: 'Prepend', prepend: mark };
const back: Json = { type: 'Replace', pattern: { String: mark }, content: ' ' };
const strip: Json = { type: 'Strip', content: ' ', start: 1, stop: 0 };
const decoders: Json[] = [back, { type: 'ByteFallback' }, { type: 'Fuse' }];

/** Parts as families have them, each alone, so that one can be replaced. */
export const steps: Record<'replace' | 'split' | 'metaspace' | 'back' | 'fallback' | 'fuse' | 'strip', Json> = {
  replace,
  split: { type: 'Split', pattern: { String: ' ' }, behavior: 'MergedWithPrevious', invert: false },
  metaspace: { type: 'Metaspace', replacement: mark, prepend_scheme: 'first', split: false },
  back,
  fallback: decoders[1],
  fuse: decoders[2],
  strip,
};

/** Normalizer, pre-tokenizer and decoder as families have them. */
export const textParts: Record<'llama' | 'gemma' | 'metaspace', Json> = {
  llama: {
    normalizer: { type: 'Sequence', normalizers: [prepend, replace] },
    pre_tokenizer: null,
    decoder: { type: 'Sequence', decoders: [...decoders, strip] },
  },
  gemma: { normalizer: replace, pre_tokenizer: steps.split, decoder: { type: 'Sequence', decoders } },
  metaspace: {
    normalizer: null,
    pre_tokenizer: steps.metaspace,
    decoder: { type: 'Sequence', decoders: [...decoders, strip] },
  },
};

/** tokenizer.json over the small vocabulary, with parts replaced. */
export function textJson(parts: Record<string, unknown>, model: Record<string, unknown> = {}): TokenizerFiles {
  const added = ['<unk>', '<s>', '</s>'].map((content, id) => ({ id, content, special: true, normalized: false }));
  const { tokens, merges } = smallText;
  return {
    'tokenizer.json': JSON.stringify({
      added_tokens: added,
      post_processor: null,
      ...parts,
      model: {
        type: 'BPE',
        unk_token: '<unk>',
        fuse_unk: true,
        byte_fallback: true,
        vocab: Object.fromEntries(tokens.map((token, id) => [token, id])),
        merges,
        ...model,
      },
    }),
  };
}
