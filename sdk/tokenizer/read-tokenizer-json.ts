import { asObject, fail, parseJson, quote } from './parse-json.ts';
import { entriesOf } from './scan-vocabulary.ts';
import type { TokenizerDefinition, TokenizerPlan } from './tokenizer-definition.ts';
import type { Json, TokenizerParts } from './tokenizer-parts.ts';

/** The tokens that files hold, and how they merge. */
type TokenTables = Pick<TokenizerDefinition, 'vocabulary' | 'merges' | 'ignoreMerges' | 'unknown'>;

/** What files say but for tokens and merges, which are read when the rest is known to be supported. */
export interface ReadModel {
  readonly parts: TokenizerParts | TokenizerPlan;
  /** As tokenizer.json lists them. */
  readonly addedTokens: unknown;
  readonly readTables: () => TokenTables;
}

/** Reads a tokenizer.json. @throws GptletError BAD_TOKENIZER */
export function readTokenizerJson(content: string | Uint8Array): ReadModel {
  const { added_tokens, normalizer, pre_tokenizer, post_processor, decoder, ...json } = parseJson(
    'tokenizer.json',
    content,
  );
  const { vocab, merges, ...model } =
    asObject(json.model) ??
    fail(`tokenizer.json: model is ${quote(json.model)} where an object is expected. Download it again.`);
  // Older files do not say that they are BPE; those of other models have no merges.
  if (merges) model.type ??= 'BPE';
  return {
    parts: { model, normalizer, pre_tokenizer, post_processor, decoder },
    addedTokens: added_tokens,
    readTables: () => readTables(model, asObject(vocab), merges),
  };
}

function readTables(model: Json, vocabulary: Json | undefined, merges: unknown): TokenTables {
  if (!vocabulary || !Array.isArray(merges))
    fail('tokenizer.json: model has no vocab, or no merges. Download it again.');
  const lines = merges.map((merge: unknown, index: number) => {
    const line = Array.isArray(merge) && merge.length === 2 ? merge.join(' ') : merge;
    return typeof line === 'string' && !line.includes('\n')
      ? line
      : fail(`Merge ${index} in tokenizer.json is ${quote(merge)}; a merge is two tokens.`);
  });
  return {
    vocabulary: entriesOf(vocabulary),
    // An empty first line, so that no first merge is taken for a version line.
    merges: `\n${lines.join('\n')}`,
    ignoreMerges: model.ignore_merges === true,
    unknown: typeof model.unk_token === 'string' ? model.unk_token : undefined,
  };
}
