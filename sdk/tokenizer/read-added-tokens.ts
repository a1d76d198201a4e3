import { asObject, fail, parseJson, quote } from './parse-json.ts';
import type { TokenizerFiles } from './tokenizer.ts';
import type { TokenizerDefinition } from './tokenizer-definition.ts';

type Added = TokenizerDefinition['added'][number];

/** Collects the added tokens of all files; the first file that names a token decides about it. */
export function readAddedTokens(files: TokenizerFiles, listed: unknown): Added[] {
  const added = new Map<string, Added>();
  const add = (value: unknown, id: unknown, where: string, special?: boolean): void => {
    const entry = asObject(value) ?? { content: value };
    const content = entry.content;
    if (typeof content !== 'string') fail(`${where} has an added token without text: ${quote(value)}.`);
    if (id !== undefined && !(Number.isInteger(id) && (id as number) >= 0 && (id as number) < 0x1fffff)) {
      fail(
        `${where} gives the added token ${quote(content)} the id ${quote(id)}; an id is a whole number from 0 to 2097150.`,
      );
    }
    if (entry.single_word === true)
      fail(`${where}: the added token ${quote(content)} asks for single_word, which is not supported.`);
    const known = added.get(content);
    if (known) {
      if (id !== undefined && known.id !== undefined && known.id !== id) {
        fail(
          `The added token ${quote(content)} has the ids ${known.id} and ${id} (${where}); the files contradict each other.`,
        );
      }
      known.id ??= id as number | undefined;
    } else if (content) {
      added.set(content, {
        content,
        id: id as number | undefined,
        special: special ?? entry.special === true,
        lstrip: entry.lstrip === true,
        rstrip: entry.rstrip === true,
      });
    }
  };

  if (Array.isArray(listed)) {
    for (const value of listed) add(value, asObject(value)?.id ?? null, 'tokenizer.json');
  }
  for (const name of ['tokenizer_config.json', 'special_tokens_map.json'] as const) {
    const content = files[name];
    if (content === undefined) continue;
    const config = parseJson(name, content);
    for (const [id, value] of Object.entries(asObject(config.added_tokens_decoder) ?? {})) {
      add(value, Number(id), name);
    }
    for (const role of ['bos', 'eos', 'unk', 'sep', 'pad', 'cls', 'mask']) {
      const value = config[`${role}_token`];
      if (value !== undefined && value !== null) add(value, undefined, name, true);
    }
    const more = config.additional_special_tokens;
    if (Array.isArray(more)) for (const value of more) add(value, undefined, name, true);
  }
  return [...added.values()];
}
