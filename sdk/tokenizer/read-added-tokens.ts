import { asObject, fail, quote } from './parse-json.ts';
import { most } from './token-tables.ts';
import type { TokenizerDefinition } from './tokenizer-definition.ts';
import type { Json } from './tokenizer-parts.ts';

type Added = TokenizerDefinition['added'][number];

/** Collects the added tokens of tokenizer.json's list and of the other files; the first that names a token decides about it. */
export function readAddedTokens(listed: unknown, files: readonly { name: string; json: Json }[]): Added[] {
  const added = new Map<string, Added>();
  const add = (value: unknown, id: unknown, where: string, role?: boolean): void => {
    const entry = asObject(value) ?? { content: value };
    const content = entry.content;
    if (typeof content !== 'string') fail(`${where} has an added token without text: ${quote(value)}.`);
    if (id !== undefined && !(Number.isInteger(id) && (id as number) >= 0 && (id as number) < most)) {
      fail(
        `${where} gives the added token ${quote(content)} the id ${quote(id)}; an id is a whole number below ${most}.`,
      );
    }
    const known = added.get(content);
    if (known) {
      if (id !== undefined && known.id !== undefined && known.id !== id) {
        fail(
          `The added token ${quote(content)} has the ids ${known.id} and ${id} (${where}); the files contradict each other.`,
        );
      }
      known.id ??= id as number | undefined;
    } else if (content) {
      const special = role ?? entry.special === true;
      added.set(content, {
        content,
        id: id as number | undefined,
        special,
        lstrip: entry.lstrip === true,
        rstrip: entry.rstrip === true,
        singleWord: entry.single_word === true,
        normalized: (entry.normalized ?? !special) === true,
      });
    }
  };

  if (listed != null && !Array.isArray(listed)) fail(`tokenizer.json: added_tokens is ${quote(listed)}, no list.`);
  for (const value of listed ?? []) add(value, asObject(value)?.id ?? null, 'tokenizer.json');
  for (const { name, json } of files) {
    for (const [id, value] of Object.entries(asObject(json.added_tokens_decoder) ?? {})) {
      add(value, Number(id), name);
    }
    for (const role of ['bos', 'eos', 'unk', 'sep', 'pad', 'cls', 'mask']) {
      const value = json[`${role}_token`];
      if (value !== undefined && value !== null) add(value, undefined, name, true);
    }
    const more = json.additional_special_tokens;
    if (Array.isArray(more)) for (const value of more) add(value, undefined, name, true);
  }
  return [...added.values()];
}
