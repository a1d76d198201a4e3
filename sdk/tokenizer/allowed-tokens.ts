import { invalid } from '../errors/invalid.ts';
import { show } from '../errors/show.ts';
import type { IsSought } from './text-part.ts';
import type { AddedToken } from './tokenizer-definition.ts';

/** Which added tokens to look for in a text: those that are not special, and the special ones that are allowed. */
export function allowedTokens(added: readonly AddedToken[], allowSpecial: boolean | readonly string[]): IsSought {
  if (typeof allowSpecial === 'boolean') return (token) => allowSpecial || !token.special;
  const known = added.filter((token) => token.special).map((token) => token.content);
  const unknown = allowSpecial.findIndex((text) => !known.includes(text));
  if (unknown >= 0) throw invalid(`allowSpecial[${unknown}]`, allowSpecial[unknown], `one of ${show(known)}`);
  return (token) => !token.special || allowSpecial.includes(token.content);
}
