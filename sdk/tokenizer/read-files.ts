import { asObject, fail, fileText, parseJson } from './parse-json.ts';
import { readAddedTokens } from './read-added-tokens.ts';
import { readTokenizerJson } from './read-tokenizer-json.ts';
import { entriesOf, scanVocabulary } from './scan-vocabulary.ts';
import type { TokenizerFiles, TokenizerKind } from './tokenizer.ts';
import type { TokenizerDefinition } from './tokenizer-definition.ts';

/** Reads the files into one definition; `kind` overrides the split pattern that they ask for. */
export function readFiles(files: TokenizerFiles, kind: TokenizerKind | undefined): TokenizerDefinition {
  const { addedTokens, ...definition } = readModel(files);
  if (kind && (kind === 'gpt1') !== (definition.kind === 'gpt1')) {
    fail(`kind is "${kind}", but the files hold a ${definition.kind === 'gpt1' ? 'GPT-1' : 'byte-level'} vocabulary.`);
  }
  definition.kind = kind ?? definition.kind;
  const added = readAddedTokens(files, addedTokens);
  const standard = definition.kind === 'gpt1' ? '<unk>' : '<|endoftext|>';
  if (!added.some((token) => token.content === standard)) {
    added.push({ content: standard, id: undefined, special: true, lstrip: false, rstrip: false });
  }
  if (definition.kind === 'gpt1') definition.unknown ??= standard;
  return { ...definition, added };
}

function readModel(files: TokenizerFiles): ReturnType<typeof readTokenizerJson> {
  const whole = files['tokenizer.json'];
  if (whole !== undefined) return readTokenizerJson(whole);
  const vocabularyFile = files['vocab.json'];
  const mergesFile = files['merges.txt'];
  if (vocabularyFile === undefined || mergesFile === undefined) {
    fail(
      `A tokenizer needs tokenizer.json, or vocab.json and merges.txt; there is ${Object.keys(files).join(', ') || 'no file'}.`,
    );
  }
  const vocabularyText = fileText(vocabularyFile);
  const merges = fileText(mergesFile);
  const config = parseJson('tokenizer_config.json', files['tokenizer_config.json'] ?? '{}');
  const unknown = asObject(config.unk_token)?.content ?? config.unk_token;
  // GPT-1's files are full of "</w>" from their first lines on; byte-level ones hardly ever spell it.
  const gpt1 = [vocabularyText, merges].some((text) => text.slice(0, 8192).includes('</w>'));
  return {
    kind: gpt1 ? 'gpt1' : 'gpt2',
    addPrefixSpace: !gpt1 && config.add_prefix_space === true,
    normalization: [],
    vocabulary: scanVocabulary(vocabularyText) ?? entriesOf(parseJson('vocab.json', vocabularyText)),
    merges,
    ignoreMerges: false,
    unknown: gpt1 && typeof unknown === 'string' ? unknown : undefined,
    addedTokens: undefined,
  };
}
