import { buildTokenizer } from './build-tokenizer.ts';
import type { RareTokenizers } from './rare-tokenizers.ts';
import { packTables, type TokenTables } from './token-tables.ts';
import type { Tokenizer } from './tokenizer.ts';
import type { Json, TokenizerParts } from './tokenizer-parts.ts';
import { outOfMemory } from './wasm-exports.ts';

/** A tokenizer as files hold it that are no JSON, GGUF's among them. */
export interface TokenizerLists {
  /** Texts by id, spelled as `spelling` says. */
  readonly tokens: readonly string[];
  /**
   * `bytes`: in GPT-2's byte alphabet. `text`: SentencePiece's, a blank as U+2581, with `<0x00>` to `<0xFF>` for the bytes of
   * characters that no token has.
   */
  readonly spelling: 'bytes' | 'text';
  /** Two tokens with a space between, best first. */
  readonly merges?: readonly string[];
  /**
   * By id, where there are no merges: any two tokens that together spell another merge into it, into that of the highest
   * score first, as llama.cpp and SentencePiece do. NaN for tokens that nothing merges into: control and unknown ones, bytes.
   */
  readonly scores?: ArrayLike<number>;
  /** Of `bytes`: regular expressions whose matches are pieces, one after the other, as tokenizer.json has them; none: GPT-2's. */
  readonly patterns?: readonly string[];
  /** Of `bytes`: a form of Unicode's that texts are brought into. */
  readonly normalization?: 'NFC' | 'NFKC';
  /** Of `text`: whether a space is put before every text, and taken away again. */
  readonly addPrefixSpace?: boolean;
  /** Of `bytes`: whether a piece that is a token is taken as it is, whatever the merges say. */
  readonly ignoreMerges?: boolean;
  readonly unknown?: string;
  /** Tokens that are found in a text before it is split; special ones where the caller allows them. */
  readonly added: readonly { readonly id: number; readonly special: boolean }[];
  /** Tokens that are put before and after every text, by their texts. */
  readonly begin?: string;
  readonly end?: string;
}

/** Makes a tokenizer of lists. @throws GptletError BAD_TOKENIZER, UNSUPPORTED_PLATFORM */
export async function tokenizerFromLists(lists: TokenizerLists, rare: RareTokenizers): Promise<Tokenizer> {
  const { tokens, added, begin, end, ignoreMerges, unknown } = lists;
  const model = {
    parts: partsOf(lists),
    addedTokens: added.map(({ id, special }) => ({ id, content: tokens[id], special, normalized: false })),
    readTables: () => ({ tables: tablesOf(lists), ignoreMerges: ignoreMerges === true, unknown }),
  };
  const config: Json = {
    // Another class than GPT-2's, whose begin-of-text token need not be named.
    tokenizer_class: 'PreTrainedTokenizerFast',
    ...(begin !== undefined && { add_bos_token: true, bos_token: begin }),
    ...(end !== undefined && { add_eos_token: true, eos_token: end }),
  };
  return buildTokenizer({ 'tokenizer_config.json': JSON.stringify(config) }, undefined, rare, model);
}

function tablesOf({ tokens, merges = [], scores }: TokenizerLists): TokenTables {
  const ids = Uint32Array.from(tokens, (_, id) => id);
  const tables = packTables({ tokens, ids }, merges);
  if (!scores) return tables;
  const ranked = ids.filter((id) => !Number.isNaN(scores[id])).sort((a, b) => scores[b] - scores[a] || a - b);
  return {
    ...tables,
    addMerges(wasm, free) {
      new Uint32Array(wasm.memory.buffer, free).set(ranked);
      if (!wasm.rankTokens(free, ranked.length)) throw outOfMemory('the vocabulary');
    },
  };
}

/** The parts of a tokenizer.json that says the same. */
function partsOf({ spelling, patterns, normalization, addPrefixSpace, unknown }: TokenizerLists): TokenizerParts {
  const sequence = (type: string, steps: Json[]): Json => ({ type: 'Sequence', [type]: steps });
  if (spelling === 'bytes') {
    const byteLevel = { type: 'ByteLevel', add_prefix_space: false, use_regex: !patterns };
    const splits = (patterns ?? []).map((Regex) => ({ type: 'Split', pattern: { Regex }, behavior: 'Isolated' }));
    return {
      model: { type: 'BPE' },
      normalizer: normalization && { type: normalization },
      pre_tokenizer: sequence('pretokenizers', [...splits, byteLevel]),
      post_processor: undefined,
      decoder: byteLevel,
    };
  }
  const mark = '\u2581';
  const prefix = addPrefixSpace ? [{ type: 'Prepend', prepend: mark }] : [];
  const strip = addPrefixSpace ? [{ type: 'Strip', content: ' ', start: 1, stop: 0 }] : [];
  return {
    model: { type: 'BPE', byte_fallback: true, fuse_unk: true, unk_token: unknown },
    normalizer: sequence('normalizers', [...prefix, { type: 'Replace', pattern: { String: ' ' }, content: mark }]),
    pre_tokenizer: undefined,
    post_processor: undefined,
    decoder: sequence('decoders', [
      { type: 'Replace', pattern: { String: mark }, content: ' ' },
      { type: 'ByteFallback' },
      { type: 'Fuse' },
      ...strip,
    ]),
  };
}
