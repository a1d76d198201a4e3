import { checkArgument } from '../options/check-argument.ts';
import type { Kind } from '../options/kinds.ts';
import { badRequest } from './api-error.ts';

/** That a value of a request is what it may be. @param param the way to it: `messages[0].content` @throws ApiError 400 */
export function checkParameter(param: string, value: unknown, kind: Kind): void {
  try {
    checkArgument(param, value, kind);
  } catch (error) {
    throw badRequest((error as Error).message, param);
  }
}

/** One of some texts; unlike the options' kind, also of one alone. */
export function oneOf(...values: readonly string[]): Kind {
  return {
    mustBe: values.map((value) => `'${value}'`).join(' or '),
    allows: (value) => values.includes(value as string),
  };
}
