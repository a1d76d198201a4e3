import { GptletError } from '../../errors/gptlet-error.ts';
import type { GgufValue } from './gguf-values.ts';
import { StringTable } from './string-table.ts';

/** A GGUF file's metadata, with the types of values checked. */
export class GgufMetadata {
  readonly location: string;
  readonly #values: ReadonlyMap<string, GgufValue>;

  constructor(values: ReadonlyMap<string, GgufValue>, location: string) {
    this.#values = values;
    this.location = location;
  }

  number(key: string): number | undefined {
    return this.#typed(key, 'a number', (value): value is number => typeof value === 'number');
  }

  flag(key: string): boolean | undefined {
    return this.#typed(key, 'true or false', (value): value is boolean => typeof value === 'boolean');
  }

  string(key: string): string | undefined {
    return this.#typed(key, 'a string', (value): value is string => typeof value === 'string');
  }

  strings(key: string): StringTable | undefined {
    return this.#typed(key, 'an array of strings', (value): value is StringTable => value instanceof StringTable);
  }

  numbers(key: string): Float64Array | undefined {
    return this.#typed(key, 'an array of numbers', (value): value is Float64Array => value instanceof Float64Array);
  }

  /** A value for each of `count` layers, where the file has one for all, or a list. */
  perLayer(key: string, count: number): number[] | undefined {
    const value = this.#values.get(key);
    if (!(value instanceof Float64Array)) {
      const one = this.number(key);
      return one === undefined ? undefined : new Array<number>(count).fill(one);
    }
    if (value.length === count) return [...value];
    throw this.#bad(key, `a list of ${value.length}`, `one for each of ${count} layers`);
  }

  #typed<T extends GgufValue>(key: string, wanted: string, isWanted: (value: GgufValue) => value is T): T | undefined {
    const value = this.#values.get(key);
    if (value === undefined || isWanted(value)) return value as T | undefined;
    throw this.#bad(key, typeof value === 'object' ? 'a list' : String(value).slice(0, 100), wanted);
  }

  #bad(key: string, held: string, wanted: string): GptletError {
    return new GptletError(
      'BAD_CHECKPOINT',
      `${this.location}: ${key} is ${held}; it must be ${wanted}. Download or convert the file again.`,
    );
  }
}
