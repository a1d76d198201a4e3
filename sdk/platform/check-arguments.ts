import { GptletError } from '../api/errors.ts';

const isText = (value: unknown): boolean => typeof value === 'string';
const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null;

/** What a field may be. `any` is checked where it is used. */
type Kind = 'any' | 'a text' | 'a text or undefined' | 'an array of texts';

const kinds: Record<Kind, (value: unknown) => boolean> = {
  any: () => true,
  'a text': isText,
  'a text or undefined': (value) => value === undefined || isText(value),
  'an array of texts': (value) => Array.isArray(value) && value.every(isText),
};

type Kinds<T> = { readonly [K in keyof T]-?: Kind };

/**
 * That `given` is an object with such fields; it may have more, as rows of a dataset do.
 *
 * @throws GptletError INVALID_OPTION
 */
export function checkFields<T>(what: string, given: T, fields: Partial<Kinds<T>>): void {
  const names = Object.keys(fields);
  const all = names.length > 0 ? ` with ${names.join(', ')}` : '';
  check(what, given, isObject, `an object${all}`);
  for (const [name, kind] of Object.entries(fields) as [keyof T & string, Kind][])
    check(`${what}: ${name}`, given[name], kinds[kind], kind);
}

/**
 * {@link checkFields} of options, which may have no others: a name that is misspelt would be ignored.
 *
 * @throws GptletError INVALID_OPTION
 */
export function checkOptions<T>(what: string, given: T, fields: Kinds<T>): void {
  check(`What was given as options to ${what}`, given, isObject, 'an object');
  const stranger = Object.keys(given as object).find((name) => !Object.hasOwn(fields, name));
  if (stranger !== undefined) {
    throw new GptletError(
      'INVALID_OPTION',
      `The option '${stranger}' is none of ${what}; options are ${Object.keys(fields).join(', ')}.`,
    );
  }
  checkFields(what, given, fields as Partial<Kinds<T>>);
}

/** That `given` is an array, each of it an object with such fields. @throws GptletError INVALID_OPTION */
export function checkRows<T>(what: string, given: readonly T[], fields: Partial<Kinds<T>>): void {
  check(what, given, Array.isArray, 'an array of objects');
  for (const [i, row] of given.entries()) checkFields(`${what}[${i}]`, row, fields);
}

/** @throws GptletError INVALID_OPTION unless `given` is an array of texts. */
export function checkTexts(what: string, given: unknown): void {
  check(what, given, kinds['an array of texts'], 'an array of texts');
}

function check(what: string, value: unknown, allows: (value: unknown) => boolean, allowed: string): void {
  if (allows(value)) return;
  const shown = typeof value === 'function' ? 'a function' : String(JSON.stringify(value)).slice(0, 100);
  throw new GptletError('INVALID_OPTION', `${what} is ${shown}; it must be ${allowed}.`);
}
