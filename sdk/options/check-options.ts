import { GptletError } from '../errors/gptlet-error.ts';

/** A value for a message, short, whatever it is. */
export function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 80));
  if (Array.isArray(value)) return `[${value.slice(0, 8).map(show)}]`;
  return Object(value) === value ? {}.toString.call(value) : String(value);
}

/** The error of a value that may not be: which one, what it is, what is allowed. */
export function invalidOption(name: string, value: unknown, allowed: string): GptletError {
  return new GptletError('INVALID_OPTION', `${name} is ${show(value)}; allowed is ${allowed}.`);
}

/** Has each option there is. A text is what it may be, as "'auto', 'wasm'" or 'type function'; others are checked where they are used. */
export type OptionTypes<T> = { readonly [K in keyof T]-?: unknown };

/**
 * That options are an object, its signal an AbortSignal and, with `types`, that there are no others: one that is misspelt
 * would be ignored. What is undefined or null counts as not given.
 *
 * @throws GptletError INVALID_OPTION
 */
export function checkOptions<T extends object>(options: T, types?: OptionTypes<T>): void {
  if (typeof options !== 'object' || !options) throw invalidOption('options', options, 'an object');
  for (const [name, value] of Object.entries(types ? options : {})) {
    if (!Object.hasOwn(types as object, name))
      throw invalidOption(`The option '${name}'`, 'unknown', Object.keys(types as object).join(', '));
    const type = types?.[name as keyof T];
    const kind = typeof value === 'string' ? `'${value}'` : `type ${typeof value}`;
    if (typeof type === 'string' && value != null && !type.split(', ').includes(kind))
      throw invalidOption(name, value, type);
  }
  // The mistake that is made most: passing the AbortController itself.
  const { signal } = options as { signal?: AbortSignal | null };
  if (signal != null && typeof signal.addEventListener !== 'function')
    throw invalidOption('signal', signal, "an AbortSignal, such as an AbortController's property 'signal'");
}
