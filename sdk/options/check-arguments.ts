import { invalidOption } from './check-options.ts';

const isText = (value: unknown): boolean => typeof value === 'string';
const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null;

type Kind = 'a text' | 'a text or undefined' | 'an array of texts' | 'an object' | 'a function';

const kinds: Record<Kind, (value: unknown) => boolean> = {
  'a text': isText,
  'a text or undefined': (value) => value === undefined || isText(value),
  'an array of texts': (value) => Array.isArray(value) && value.every(isText),
  'an object': isObject,
  'a function': (value) => typeof value === 'function',
};

type Kinds<T> = { readonly [K in keyof T]?: Kind };

/**
 * That `given` is an object with such fields; it may have more, as rows of a dataset do.
 *
 * @throws GptletError INVALID_OPTION
 */
export function checkFields<T>(what: string, given: T, fields: Kinds<T>): void {
  check(what, given, isObject, `an object with ${Object.keys(fields).join(', ')}`);
  for (const [name, kind] of Object.entries(fields) as [keyof T & string, Kind][])
    check(`${what}: ${name}`, given[name], kinds[kind], kind);
}

/** That `given` is an array, each of it an object with such fields. @throws GptletError INVALID_OPTION */
export function checkRows<T>(what: string, given: readonly T[], fields: Kinds<T>): void {
  check(what, given, Array.isArray, 'an array of objects');
  for (const [i, row] of given.entries()) checkFields(`${what}[${i}]`, row, fields);
}

/** @throws GptletError INVALID_OPTION unless `given` is an array of texts. */
export function checkTexts(what: string, given: unknown): void {
  check(what, given, kinds['an array of texts'], 'an array of texts');
}

/** @throws GptletError INVALID_OPTION unless `given` is a whole number, `least` or more. */
export function checkCount(what: string, given: unknown, least: number): void {
  check(
    what,
    given,
    (value) => Number.isInteger(value) && (value as number) >= least,
    `a whole number from ${least} on`,
  );
}

function check(what: string, value: unknown, allows: (value: unknown) => boolean, allowed: string): void {
  if (!allows(value)) throw invalidOption(what, value, allowed);
}
