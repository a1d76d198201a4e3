import { GptletError } from '../../errors/gptlet-error.ts';
import { badValue } from './config-error.ts';

/** Largest values taken as meant; beyond them a config is broken, and arrays sized by it would hurt. */
const limits = { layers: 1024, width: 131_072, tokens: 4_194_304, vocabulary: 16_777_216 } as const;

/** Reads config.json's values with their types checked, and remembers which were understood. */
export class ConfigFields {
  readonly raw: Readonly<Record<string, unknown>>;
  readonly #understood: Set<string> = new Set();

  constructor(raw: Readonly<Record<string, unknown>>) {
    this.raw = raw;
  }

  /** A whole number from 1 to the limit of its kind; the first of several names that is present. */
  count(names: readonly string[], kind: keyof typeof limits): number {
    const value = this.optionalCount(names, kind);
    if (value === undefined) {
      throw new GptletError(
        'BAD_CHECKPOINT',
        `config.json lacks ${names[0]}. Take the config.json that was published with the weights.`,
      );
    }
    return value;
  }

  /** As {@link count}, but null or absent is undefined. */
  optionalCount(names: readonly string[], kind: keyof typeof limits): number | undefined {
    const found = names.filter((name) => this.value(name) !== undefined);
    if (found.length === 0) return undefined;
    const [name, ...others] = found;
    const value = this.raw[name];
    if (!Number.isInteger(value) || (value as number) < 1 || (value as number) > limits[kind]) {
      throw this.#bad(name, `a whole number from 1 to ${limits[kind]}`);
    }
    const other = others.find((otherName) => this.raw[otherName] !== value);
    if (other !== undefined) {
      throw new GptletError(
        'BAD_CHECKPOINT',
        `config.json contradicts itself: ${name} is ${String(value)}, ${other} is ${JSON.stringify(this.raw[other])}. Both mean the same; correct one.`,
      );
    }
    return value as number;
  }

  flag(name: string, fallback: boolean): boolean {
    const value = this.value(name) ?? fallback;
    if (typeof value !== 'boolean') throw this.#bad(name, 'true or false');
    return value;
  }

  positive(name: string, fallback: number): number {
    const value = this.value(name) ?? fallback;
    if (typeof value !== 'number' || !(value > 0) || !(value < 1)) throw this.#bad(name, 'a number between 0 and 1');
    return value;
  }

  string(name: string, fallback: string): string {
    const value = this.value(name) ?? fallback;
    if (typeof value !== 'string') throw this.#bad(name, 'a string');
    return value;
  }

  /** Any value, for those with a shape of their own; undefined if null or absent. */
  value(name: string): unknown {
    this.#understood.add(name);
    return Object.hasOwn(this.raw, name) && this.raw[name] !== null ? this.raw[name] : undefined;
  }

  /** One token id or a list; ids outside the vocabulary can never occur and are left out. */
  tokenIds(name: string, vocabSize: number, fallback: readonly number[]): number[] {
    // null says "none"; only an absent key means the family's default.
    const value = Object.hasOwn(this.raw, name) ? this.value(name) : fallback;
    const ids: unknown[] = value === undefined ? [] : Array.isArray(value) ? value : [value];
    if (!ids.every((id) => Number.isInteger(id))) throw this.#bad(name, 'a token id, a list of them, or null');
    return (ids as number[]).filter((id) => id >= 0 && id < vocabSize);
  }

  /** Names that no reader asked for, with values that are not plainly "off". */
  notUnderstood(): string[] {
    return Object.keys(this.raw).filter((name) => !this.#understood.has(name) && !isOff(this.raw[name]));
  }

  #bad(name: string, wanted: string): GptletError {
    return badValue(name, this.raw[name], `be ${wanted}`);
  }
}

function isOff(value: unknown): boolean {
  if (value === null || value === false || value === '') return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}
