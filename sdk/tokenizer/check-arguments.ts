import { GptletError } from '../errors/gptlet-error.ts';
import { quote } from './parse-json.ts';
import type { AddedToken } from './tokenizer-definition.ts';

/** The error for a value that is not what it `must` be. */
export function invalid(name: string, value: unknown, must: string): GptletError {
  return new GptletError('INVALID_OPTION', `${name} is ${quote(value)}; it must be ${must}.`);
}

/** @throws GptletError INVALID_OPTION unless `text` is a string. */
export function checkText(text: unknown): asserts text is string {
  if (typeof text !== 'string') throw invalid('text', text, 'a string');
}

/** @throws GptletError INVALID_OPTION unless `list` is an array, or something with a length like one. */
export function checkList(list: unknown): void {
  if (typeof list !== 'object' || !(Number((list as ArrayLike<unknown> | null)?.length) >= 0))
    throw invalid('The list', list, 'an array');
}

/** @throws GptletError INVALID_OPTION unless `limit` is a whole number from 0 on, or infinite. */
export function checkLimit(limit: unknown): asserts limit is number {
  if (limit !== Infinity && !(Number.isInteger(limit) && (limit as number) >= 0)) {
    throw invalid('limit', limit, 'a whole number, 0 or more');
  }
}

/** The added tokens to look for in a text: those that are not special, and the special ones that are allowed. */
export function allowedTokens(added: readonly AddedToken[], allowSpecial: boolean | readonly string[]): AddedToken[] {
  if (Array.isArray(allowSpecial)) {
    for (const text of allowSpecial) {
      if (!added.some((token) => token.special && token.content === text)) {
        const known = added.filter((token) => token.special).map((token) => token.content);
        throw invalid('A text in allowSpecial', text, `one of ${quote(known)}`);
      }
    }
    return added.filter((token) => !token.special || allowSpecial.includes(token.content));
  }
  if (typeof allowSpecial !== 'boolean') throw invalid('allowSpecial', allowSpecial, 'true, false or a list of texts');
  return added.filter((token) => !token.special || allowSpecial);
}

/** The error for an id that no token has. */
export function invalidId(id: unknown, position: number, vocabSize: number): GptletError {
  return new GptletError(
    'INVALID_OPTION',
    `Token id ${quote(id)} at position ${position} is not in the vocabulary; ids are whole numbers from 0 to ${vocabSize - 1}.`,
  );
}
