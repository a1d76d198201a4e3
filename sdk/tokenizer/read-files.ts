import { asObject, fail, fileText, parseJson } from './parse-json.ts';
import type { RareTokenizers } from './rare-tokenizers.ts';
import { readAddedTokens } from './read-added-tokens.ts';
import { type ReadModel, readTokenizerJson } from './read-tokenizer-json.ts';
import { entriesOf, scanVocabulary } from './scan-vocabulary.ts';
import { packTables } from './token-tables.ts';
import type { TokenizerFiles, TokenizerKind } from './tokenizer.ts';
import type { TokenizerDefinition } from './tokenizer-definition.ts';
import { commonPlan, type Json, plainPlan } from './tokenizer-parts.ts';

/**
 * Reads the files into one definition; `kind` overrides the split pattern that they ask for. With `given`, a model that is
 * none of them, what else they say.
 */
export async function readFiles(
  files: TokenizerFiles,
  kind: TokenizerKind | undefined,
  rare: Pick<RareTokenizers, 'readTokenizerParts' | 'loadEveryKind'>,
  given?: ReadModel,
): Promise<TokenizerDefinition> {
  const [configFile, mapFile] = (['tokenizer_config.json', 'special_tokens_map.json'] as const).map((name) => ({
    name,
    json: parseJson(name, files[name] ?? '{}'),
  }));
  const config = { ...mapFile.json, ...configFile.json };
  const { add_bos_token: addBos, add_eos_token: addEos } = config;
  const whole = files['tokenizer.json'];
  const { parts, addedTokens, readTables } =
    given ?? (whole === undefined ? readPair(files, config) : await readTokenizerJson(whole, rare.loadEveryKind));
  const known = 'kind' in parts ? parts : commonPlan(parts, addBos != null || addEos != null);
  const plan = known && !addBos && !addEos ? known : await rare.readTokenizerParts(known ?? parts, config);
  const tables = readTables();

  const isGpt1 = plan.kind === 'gpt1';
  const isOther = kind === 'gpt1' ? !isGpt1 : isGpt1 || plan.spelling !== undefined;
  if (kind && isOther) fail(`kind is "${kind}", but the files hold a vocabulary for "${plan.kind}".`);
  const added = readAddedTokens(addedTokens, [configFile, mapFile]);
  const standard = isGpt1 ? '<unk>' : '<|endoftext|>';
  if (!added.some((token) => token.content === standard))
    added.push({ content: standard, id: undefined, special: true });
  return {
    ...plan,
    ...tables,
    ...(kind && { kind, splits: [] }),
    unknown: tables.unknown ?? (isGpt1 ? standard : undefined),
    added,
  };
}

/** vocab.json and merges.txt. */
function readPair(files: TokenizerFiles, config: Json): ReadModel {
  const vocabularyFile = files['vocab.json'];
  const mergesFile = files['merges.txt'];
  if (vocabularyFile === undefined || mergesFile === undefined) {
    fail(
      `A tokenizer needs tokenizer.json, or vocab.json and merges.txt; there is ${Object.keys(files).join(', ') || 'no file'}.`,
    );
  }
  const vocabularyText = fileText(vocabularyFile);
  const merges = fileText(mergesFile);
  const unknown = asObject(config.unk_token)?.content ?? config.unk_token;
  // GPT-1's files are full of "</w>" from their first lines on; byte-level ones hardly ever spell it.
  const gpt1 = [vocabularyText, merges].some((text) => text.slice(0, 8192).includes('</w>'));
  return {
    parts: plainPlan(gpt1 ? 'gpt1' : 'gpt2', !gpt1 && config.add_prefix_space === true),
    addedTokens: undefined,
    readTables: () => ({
      tables: packTables(
        scanVocabulary(vocabularyText) ?? entriesOf(parseJson('vocab.json', vocabularyText)),
        // A line that is none stays, empty, so that the others keep their numbers.
        merges.replace(/^#version.*/, '').split(/\r?\n/),
      ),
      ignoreMerges: false,
      unknown: gpt1 && typeof unknown === 'string' ? unknown : undefined,
    }),
  };
}
