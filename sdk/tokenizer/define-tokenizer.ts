import { fail } from './parse-json.ts';
import type { RareTokenizers } from './rare-tokenizers.ts';
import { readAddedTokens } from './read-added-tokens.ts';
import type { ReadModel } from './read-tokenizer-json.ts';
import type { TokenizerKind } from './tokenizer.ts';
import type { TokenizerDefinition } from './tokenizer-definition.ts';
import { commonPlan, type Json } from './tokenizer-parts.ts';

/** A small file of the tokenizer's, and what it says. */
export interface ConfigFile {
  readonly name: string;
  readonly json: Json;
}

/**
 * Puts into one definition what a model's file and the small ones beside it say, of which the first wins; `kind` overrides
 * the split pattern that they ask for.
 * @throws GptletError BAD_TOKENIZER
 */
export async function defineTokenizer(
  { parts, addedTokens, readTables }: ReadModel,
  [configFile, mapFile]: readonly [ConfigFile, ConfigFile],
  kind: TokenizerKind | undefined,
  { readTokenizerParts }: Pick<RareTokenizers, 'readTokenizerParts'>,
): Promise<TokenizerDefinition> {
  const config = { ...mapFile.json, ...configFile.json };
  const { add_bos_token: addBos, add_eos_token: addEos } = config;
  const known = 'kind' in parts ? parts : commonPlan(parts, addBos != null || addEos != null);
  const plan = known && !addBos && !addEos ? known : await readTokenizerParts(known ?? parts, config);
  const tables = readTables();

  const isGpt1 = plan.kind === 'gpt1';
  const own = isGpt1 || plan.kind === 'sentencepiece' ? plan.kind : 'byte-level';
  if (kind && kind !== own && (own !== 'byte-level' || kind === 'gpt1'))
    fail(`kind is "${kind}", but the files hold a ${own} vocabulary.`);
  const added = readAddedTokens(addedTokens, [configFile, mapFile]);
  const standard = isGpt1 ? '<unk>' : '<|endoftext|>';
  if (!added.some((token) => token.content === standard)) {
    const flags = { lstrip: false, rstrip: false, singleWord: false, normalized: false };
    added.push({ content: standard, id: undefined, special: true, ...flags });
  }
  return {
    ...plan,
    ...tables,
    ...(kind && { kind, splits: [] }),
    unknown: tables.unknown ?? (isGpt1 ? standard : undefined),
    added,
  };
}
