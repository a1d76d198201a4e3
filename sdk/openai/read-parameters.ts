import { show } from '../errors/show.ts';
import { checkArgument } from '../options/check-argument.ts';
import { type Kind, object } from '../options/kinds.ts';
import { nearestName } from '../options/nearest-name.ts';
import { badRequest } from './api-error.ts';

/** What the parameters of a request must be: each that is read. */
export type Kinds<Parameters> = { readonly [Name in keyof Parameters]-?: Kind };

/** Parameters that OpenAI has and that would change the answer here, too, were they followed: what to do instead. */
export type Refusals = Readonly<Record<string, string>>;

/** These change no answer: who asks, what is kept of it, how it is paid and cached, and how it is hidden from listeners. */
const ignored: readonly string[] = [
  ...['user', 'store', 'metadata', 'service_tier', 'safety_identifier', 'prediction'],
  ...['prompt_cache_key', 'prompt_cache_options', 'prompt_cache_retention'],
];

/**
 * Reads the parameters of a request; null is "not given".
 *
 * @throws ApiError 400 that names the parameter: one that is missing, is not what it must be, is refused or is unknown, since one that
 *   is misspelt would otherwise be ignored
 */
export function readParameters<Parameters extends object>(
  kinds: Kinds<Parameters>,
  required: readonly (keyof Parameters & string)[],
  refusals: Refusals,
  body: Readonly<Record<string, unknown>>,
): Parameters {
  const read: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(body)) {
    if (value === null || ignored.includes(name)) continue;
    if (Object.hasOwn(refusals, name))
      throw badRequest(`${name} is not supported: ${refusals[name]}.`, name, 'unsupported_parameter');
    if (!Object.hasOwn(kinds, name)) throw unknownParameter(name, Object.keys(kinds));
    checkParameter(name, value, kinds[name as keyof Parameters]);
    read[name] = value;
  }
  for (const name of required) {
    if (!Object.hasOwn(read, name))
      throw badRequest(`${name} is missing; it must be ${kinds[name].mustBe}.`, name, 'missing_required_parameter');
  }
  return read as Parameters;
}

function unknownParameter(name: string, names: readonly string[]): Error {
  const nearest = nearestName(name, names);
  const hint = nearest ? `did you mean '${nearest}'?` : `there are ${names.join(', ')}.`;
  return badRequest(`There is no parameter ${show(name)}; ${hint}`, name.slice(0, 80), 'unknown_parameter');
}

/** That a value of a request is what it may be. @param param the way to it: `messages[0].content` @throws ApiError 400 */
export function checkParameter(param: string, value: unknown, kind: Kind): void {
  try {
    checkArgument(param, value, kind);
  } catch (error) {
    throw badRequest((error as Error).message, param);
  }
}

/** A value that must be an object, to look into. @throws ApiError 400 */
export function readObject(param: string, value: unknown): Readonly<Record<string, unknown>> {
  checkParameter(param, value, object);
  return value as Readonly<Record<string, unknown>>;
}

/** One of some texts; unlike the options' kind, also of one alone. */
export function oneOf(...values: readonly string[]): Kind {
  return {
    mustBe: values.map((value) => `'${value}'`).join(' or '),
    allows: (value) => values.includes(value as string),
  };
}
