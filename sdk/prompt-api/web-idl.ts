// What Web IDL does with values that scripts pass in: https://webidl.spec.whatwg.org

/** A dictionary: undefined and null are an empty one. @throws TypeError */
export function dictionary<T extends object>(value: T | null | undefined, name: string): Partial<T> {
  if (value == null) return {};
  if (typeof value !== 'object' && typeof value !== 'function') throw new TypeError(`${name} is no object.`);
  return value;
}

/** A sequence. @throws TypeError */
export function sequence<T>(value: Iterable<T>, name: string): T[] {
  if (!isSequence(value)) throw new TypeError(`${name} is not iterable.`);
  return [...value];
}

/** Whether a value that may be a sequence or a text is the former. */
export const isSequence = (value: unknown): value is Iterable<unknown> =>
  typeof value === 'object' && value !== null && typeof (value as Iterable<unknown>)[Symbol.iterator] === 'function';

/** A value of an enumeration. @throws TypeError */
export function oneOf<T extends string>(values: readonly T[], value: unknown, name: string): T {
  const text = `${value}`;
  if (!values.includes(text as T)) throw new TypeError(`${name} is '${text}'; it must be one of ${values.join(', ')}.`);
  return text as T;
}

/** A member `signal` of options. @throws TypeError */
export function signalOf(options: { readonly signal?: AbortSignal | undefined }): AbortSignal | undefined {
  const { signal } = options;
  if (signal !== undefined && typeof signal?.addEventListener !== 'function')
    throw new TypeError("signal is no AbortSignal; an AbortController has one as its property 'signal'.");
  return signal;
}
