import { defineTokenizer } from './define-tokenizer.ts';
import { asObject, fail, fileText, parseJson } from './parse-json.ts';
import type { RareTokenizers } from './rare-tokenizers.ts';
import { type ReadModel, readTokenizerJson } from './read-tokenizer-json.ts';
import { entriesOf, scanVocabulary } from './scan-vocabulary.ts';
import { packTables } from './token-tables.ts';
import type { TokenizerFiles, TokenizerKind } from './tokenizer.ts';
import type { TokenizerDefinition } from './tokenizer-definition.ts';
import { type Json, plainPlan } from './tokenizer-parts.ts';

/** Reads the files into one definition; `kind` overrides the split pattern that they ask for. */
export async function readFiles(
  files: TokenizerFiles,
  kind: TokenizerKind | undefined,
  rare: Pick<RareTokenizers, 'readTokenizerParts' | 'loadEveryKind'>,
): Promise<TokenizerDefinition> {
  const read = (name: 'tokenizer_config.json' | 'special_tokens_map.json') => ({
    name,
    json: parseJson(name, files[name] ?? '{}'),
  });
  const configFile = read('tokenizer_config.json');
  const mapFile = read('special_tokens_map.json');
  const whole = files['tokenizer.json'];
  const model =
    whole === undefined
      ? readPair(files, { ...mapFile.json, ...configFile.json })
      : await readTokenizerJson(whole, rare.loadEveryKind);
  return defineTokenizer(model, [configFile, mapFile], kind, rare);
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
      tables: packTables(scanVocabulary(vocabularyText) ?? entriesOf(parseJson('vocab.json', vocabularyText)), merges),
      ignoreMerges: false,
      unknown: gpt1 && typeof unknown === 'string' ? unknown : undefined,
    }),
  };
}
