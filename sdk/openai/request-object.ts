import { array, type Kind, object } from '../options/kinds.ts';
import { checkParameter } from './check-parameter.ts';

/** An object within a request. It knows the way to itself, so that an error can say where it is. */
export class RequestObject {
  readonly at: string;
  readonly #values: Readonly<Record<string, unknown>>;

  /** @param at such as `messages[0]` @throws ApiError 400 for what is no object */
  constructor(at: string, value: unknown) {
    checkParameter(at, value, object);
    this.at = at;
    this.#values = value as Readonly<Record<string, unknown>>;
  }

  /** What it has under a name; null is "not given". @throws ApiError 400 for what is not of the kind */
  get<Value>(name: string, kind: Kind): Value {
    checkParameter(`${this.at}.${name}`, this.#values[name], kind);
    return (this.#values[name] ?? undefined) as Value;
  }

  object(name: string): RequestObject {
    return new RequestObject(`${this.at}.${name}`, this.#values[name]);
  }

  /** The objects of an array. */
  list(name: string): RequestObject[] {
    return requestObjects(`${this.at}.${name}`, this.#values[name]);
  }
}

/** @throws ApiError 400 for what is no array of objects */
export function requestObjects(at: string, values: unknown): RequestObject[] {
  checkParameter(at, values, array);
  return (values as unknown[]).map((value, i) => new RequestObject(`${at}[${i}]`, value));
}
