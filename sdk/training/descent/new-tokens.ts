import type { TokenizerFileName } from '../../checkpoint/checkpoint.ts';
import type { ModelConfig } from '../../model/config.ts';
import type { Tokenizer } from '../../tokenizer/tokenizer.ts';

type TokenizerFiles = Readonly<Partial<Record<TokenizerFileName, Uint8Array>>>;

/** Special tokens that a tokenizer gets, with the ids after its last. */
export type NewTokens = ReadonlyMap<string, number>;

/** Those of `names` that the tokenizer has not, in their order. */
export function newTokens(names: readonly (string | undefined)[], { specialTokens, vocabSize }: Tokenizer): NewTokens {
  const added = new Map<string, number>();
  for (const name of names)
    if (name !== undefined && !specialTokens.has(name) && !added.has(name)) added.set(name, vocabSize + added.size);
  return added;
}

/** The vocabulary with them; models often have more rows than their tokenizers have tokens. */
export const vocabularyWith = (tokens: NewTokens, { vocabSize }: ModelConfig): number =>
  Math.max(vocabSize, ...[...tokens.values()].map((id) => id + 1));

/** The tokenizer's files with them: in tokenizer.json where there is one, and in tokenizer_config.json. */
export function withNewTokens(files: TokenizerFiles, tokens: NewTokens): TokenizerFiles {
  if (tokens.size === 0) return files;
  const entries = [...tokens].map(([content, id]) => ({
    id,
    content,
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
    special: true,
  }));
  const whole = files['tokenizer.json'];
  const settings = read(files['tokenizer_config.json']);
  const decoder = Object.fromEntries(entries.map(({ id, ...entry }) => [id, entry]));
  return {
    ...files,
    ...(whole && {
      'tokenizer.json': changed(whole, (json) => ({ added_tokens: [...list(json.added_tokens), ...entries] })),
    }),
    'tokenizer_config.json': write({
      ...settings,
      added_tokens_decoder: { ...(settings.added_tokens_decoder as object | undefined), ...decoder },
    }),
  };
}

type Json = Record<string, unknown>;

const read = (file: Uint8Array | undefined): Json =>
  file === undefined ? {} : (JSON.parse(new TextDecoder().decode(file)) as Json);
const write = (json: Json): Uint8Array => new TextEncoder().encode(`${JSON.stringify(json, null, 2)}\n`);
const changed = (file: Uint8Array, change: (json: Json) => Json): Uint8Array => {
  const json = read(file);
  return write({ ...json, ...change(json) });
};
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
