import { cutTables } from './cut-tables.ts';
import { asObject, fail, parseJson, quote } from './parse-json.ts';
import { entriesOf } from './scan-vocabulary.ts';
import { packTables, type TokenTables } from './token-tables.ts';
import type { TokenizerDefinition, TokenizerPlan } from './tokenizer-definition.ts';
import type { LoadEveryKind } from './tokenizer-module.ts';
import type { Json, TokenizerParts } from './tokenizer-parts.ts';

/** Files from this length on are cut apart by the module, which is many times faster than `JSON.parse` and leaves no objects. */
const largeFile = 1.5e6;

/** The tokens that files hold, and how they merge. */
type ModelTables = Pick<TokenizerDefinition, 'tables' | 'ignoreMerges' | 'unknown'>;

/** What files say but for tokens and merges, which are read when the rest is known to be supported. */
export interface ReadModel {
  readonly parts: TokenizerParts | TokenizerPlan;
  /** As tokenizer.json lists them. */
  readonly addedTokens: unknown;
  readonly readTables: () => ModelTables;
}

/** Reads a tokenizer.json. @throws GptletError BAD_TOKENIZER */
export async function readTokenizerJson(
  content: string | Uint8Array,
  loadEveryKind: LoadEveryKind,
): Promise<ReadModel> {
  const cut = content.length < largeFile ? undefined : await cutTables(content, loadEveryKind);
  const { added_tokens, normalizer, pre_tokenizer, post_processor, decoder, ...json } = parseJson(
    'tokenizer.json',
    cut?.rest ?? content,
  );
  const { vocab, merges, ...model } =
    asObject(json.model) ??
    fail(`tokenizer.json: model is ${quote(json.model)} where an object is expected. Download it again.`);
  // Older files do not say that they are BPE; those of other models have no merges.
  if (merges) model.type ??= 'BPE';
  return {
    parts: { model, normalizer, pre_tokenizer, post_processor, decoder },
    addedTokens: added_tokens,
    readTables: () => ({
      tables: {
        ...(cut?.tables ?? readTables(asObject(vocab), merges)),
        // Of a GGUF file, which has scores in place of merges.
        ...(Array.isArray(model.ranked) && { ranked: Uint32Array.from(model.ranked) }),
      },
      ignoreMerges: model.ignore_merges === true,
      unknown: typeof model.unk_token === 'string' ? model.unk_token : undefined,
    }),
  };
}

function readTables(vocabulary: Json | undefined, merges: unknown): TokenTables {
  if (!vocabulary || !Array.isArray(merges))
    fail('tokenizer.json: model has no vocab, or no merges. Download it again.');
  const lines = merges.map((merge: unknown) => (Array.isArray(merge) ? merge.join(' ') : merge));
  return packTables(entriesOf(vocabulary), lines);
}
