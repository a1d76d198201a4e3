import { GptletError } from '../../errors/gptlet-error.ts';
import type { Checkpoint } from '../checkpoint.ts';
import type { GgufMetadata } from './gguf-metadata.ts';
import { JsonBytes } from './json-bytes.ts';
import { type PreTokenizer, preTokenizers } from './pre-tokenizers.ts';
import { tokenTypes } from './special-tokens.ts';
import type { StringTable } from './string-table.ts';

/** A vocabulary as a file holds it. */
interface Vocabulary {
  readonly metadata: GgufMetadata;
  readonly tokens: StringTable;
  /** By id; empty where the file does not say. */
  readonly types: Float64Array;
  readonly bad: (what: string) => GptletError;
}

const blank = '\u2581';

/**
 * The tokenizer that a GGUF file holds, as the tokenizer.json that says the same; nothing where the file has none.
 *
 * @throws GptletError BAD_TOKENIZER for a vocabulary of another kind, or whose way to split text is not known
 */
export function tokenizerFilesOf(metadata: GgufMetadata): Checkpoint['tokenizerFiles'] {
  const model = metadata.string('tokenizer.ggml.model') ?? 'none';
  const tokens = metadata.strings('tokenizer.ggml.tokens');
  if (model === 'none' || model === 'no_vocab' || !tokens) return {};
  const bad = (what: string): GptletError =>
    new GptletError(
      'BAD_TOKENIZER',
      `${metadata.location} ${what}. Take a file made from the same model by a newer llama.cpp.`,
    );
  const types = metadata.numbers('tokenizer.ggml.token_type') ?? new Float64Array(0);
  const vocabulary = { metadata, tokens, types, bad };
  if (model === 'gpt2') return { 'tokenizer.json': byteLevelJson(vocabulary) };
  if (model === 'llama') return { 'tokenizer.json': sentencePieceJson(vocabulary) };
  throw bad(`holds a tokenizer of the kind '${model.slice(0, 100)}'; gptlet reads 'gpt2' and 'llama'`);
}

/** BPE on bytes, as GPT-2 and most later models have it. */
function byteLevelJson(vocabulary: Vocabulary): Uint8Array {
  const { metadata, bad } = vocabulary;
  const { normalizer, preTokenizer, ignoreMerges, addsBegin } = preTokenizerOf(metadata, bad);
  const merges = metadata.strings('tokenizer.ggml.merges');
  if (!merges) throw bad('holds tokens, but not how they merge');
  const json = beginning(
    vocabulary,
    { normalizer, pre_tokenizer: preTokenizer, decoder: { type: 'ByteLevel' } },
    addsBegin,
  );
  writeModel(json, vocabulary, { type: 'BPE', ignore_merges: ignoreMerges });
  json.text(',"merges":[');
  for (let i = 0; i < merges.length; i++) {
    if (i > 0) json.mark(',');
    json.string(merges.utf8(i));
  }
  return json.text(']}}').finish();
}

function preTokenizerOf(metadata: GgufMetadata, bad: Vocabulary['bad']): PreTokenizer {
  const said = metadata.string('tokenizer.ggml.pre');
  const architecture = metadata.string('general.architecture') ?? '';
  // Of these all models split in GPT-2's way, and old files do not say so.
  const isOld = (said === undefined || said === 'default') && ['gpt2', 'gptneox'].includes(architecture);
  const name = isOld ? 'gpt-2' : (said ?? 'default');
  if (Object.hasOwn(preTokenizers, name)) return preTokenizers[name];
  throw bad(
    `splits text in the way '${name.slice(0, 100)}' (tokenizer.ggml.pre), which gptlet does not know; it knows ${Object.keys(preTokenizers).join(', ')}`,
  );
}

/** BPE on letters with single bytes for what has no token, as SentencePiece has it (Llama 2, Gemma, Phi 3). */
function sentencePieceJson(vocabulary: Vocabulary): Uint8Array {
  const { metadata, tokens, types, bad } = vocabulary;
  const scores = metadata.numbers('tokenizer.ggml.scores');
  if (scores?.length !== tokens.length) throw bad('holds tokens, but not a score for each');
  const prefixed = metadata.flag('tokenizer.ggml.add_space_prefix') ?? true;
  const spaces = { type: 'Replace', pattern: { String: ' ' }, content: blank };
  const decoders = [
    { type: 'Replace', pattern: { String: blank }, content: ' ' },
    { type: 'ByteFallback' },
    { type: 'Fuse' },
    ...(prefixed ? [{ type: 'Strip', content: ' ', start: 1, stop: 0 }] : []),
  ];
  const parts = {
    normalizer: prefixed ? { type: 'Sequence', normalizers: [{ type: 'Prepend', prepend: blank }, spaces] } : spaces,
    pre_tokenizer: null,
    decoder: { type: 'Sequence', decoders },
  };
  const json = beginning(vocabulary, parts, true);
  const unknown = types.indexOf(tokenTypes.unknown);
  const unk_token = unknown >= 0 && unknown < tokens.length ? tokens.at(unknown) : null;
  writeModel(json, vocabulary, { type: 'BPE', unk_token, fuse_unk: true, byte_fallback: true });
  json.text(',"merges":[],"ranked":[');
  for (const [rank, id] of rankedTokens(scores, types).entries()) {
    if (rank > 0) json.mark(',');
    json.number(id);
  }
  return json.text(']}}').finish();
}

/**
 * Ids of tokens that others merge to, best first: SentencePiece joins the two neighbours whose token has the highest score. Our
 * tokenizer takes them in place of merges.
 */
function rankedTokens(scores: Float64Array, types: Float64Array): number[] {
  const merged = [...scores.keys()].filter((id) => types[id] !== tokenTypes.control && types[id] !== tokenTypes.byte);
  return merged.sort((a, b) => scores[b] - scores[a] || a - b);
}

/** All but the model. */
function beginning(vocabulary: Vocabulary, parts: Readonly<Record<string, unknown>>, addsBegin: boolean): JsonBytes {
  const json = new JsonBytes();
  const added = JSON.stringify(addedTokens(vocabulary));
  const rest = JSON.stringify({ ...parts, post_processor: template(vocabulary, addsBegin) }).slice(1, -1);
  return json.text(`{"version":"1.0","added_tokens":${added},${rest}`);
}

function addedTokens({ metadata, tokens, types }: Vocabulary): unknown[] {
  // Phi 3's take the white space behind them along, but for these; llama.cpp knows that by the model's name, too.
  const strips =
    metadata.string('general.architecture') === 'phi3' && metadata.string('tokenizer.ggml.model') === 'llama';
  const plain = ['<unk>', '<s>', '<|endoftext|>'];
  const added: unknown[] = [];
  for (let id = 0; id < Math.min(tokens.length, types.length); id++) {
    const type = types[id];
    const special = type === tokenTypes.control || type === tokenTypes.unknown;
    if (!special && type !== tokenTypes.userDefined) continue;
    const content = tokens.at(id);
    // An added token without letters would be found everywhere.
    if (content === '') continue;
    const rstrip = strips && !plain.includes(content);
    added.push({ id, content, single_word: false, lstrip: false, rstrip, normalized: false, special });
  }
  return added;
}

/** What goes around a text. */
function template({ metadata, tokens, bad }: Vocabulary, addsBegin: boolean): unknown {
  const around = (kind: 'bos' | 'eos', byDefault: boolean): string[] => {
    if (!(metadata.flag(`tokenizer.ggml.add_${kind}_token`) ?? byDefault)) return [];
    const id = metadata.number(`tokenizer.ggml.${kind}_token_id`);
    if (id === undefined) return [];
    if (!(id < tokens.length)) throw bad(`says that token ${id} goes around texts, but it has ${tokens.length} tokens`);
    return [tokens.at(id)];
  };
  const special = (token: string): unknown => ({ SpecialToken: { id: token, type_id: 0 } });
  const before = around('bos', addsBegin);
  const after = around('eos', false);
  if (before.length + after.length === 0) return null;
  const ids = Object.fromEntries(
    [
      ...before.map((token) => [token, metadata.number('tokenizer.ggml.bos_token_id')] as const),
      ...after.map((token) => [token, metadata.number('tokenizer.ggml.eos_token_id')] as const),
    ].map(([token, id]) => [token, { id: token, ids: [id], tokens: [token] }]),
  );
  const text = (id: 'A' | 'B'): unknown => ({ Sequence: { id, type_id: id === 'A' ? 0 : 1 } });
  return {
    type: 'TemplateProcessing',
    single: [...before.map(special), text('A'), ...after.map(special)],
    pair: [
      ...before.map(special),
      text('A'),
      ...after.map(special),
      ...before.map(special),
      text('B'),
      ...after.map(special),
    ],
    special_tokens: ids,
  };
}

/** The model up to its vocabulary. */
function writeModel(json: JsonBytes, { tokens }: Vocabulary, model: Readonly<Record<string, unknown>>): void {
  json.text(`,"model":${JSON.stringify(model).slice(0, -1)},"vocab":{`);
  for (let id = 0; id < tokens.length; id++) {
    if (id > 0) json.mark(',');
    json.string(tokens.utf8(id)).mark(':').number(id);
  }
  json.text('}');
}
