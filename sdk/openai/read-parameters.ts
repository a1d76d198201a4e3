import { unknownOption } from '../options/check-options.ts';
import type { Kind } from '../options/kinds.ts';
import { badRequest } from './api-error.ts';
import { checkParameter } from './check-parameter.ts';

/** What the parameters of a request must be: each that is read. */
export type Kinds<Parameters> = { readonly [Name in keyof Parameters]-?: Kind };

/** Parameters that OpenAI has and that would change the answer here, too, were they followed: what to do instead. */
export type Refusals = Readonly<Record<string, string>>;

/** These change no answer: who asks, what is kept of it, how it is paid and cached, what is said beforehand to be likely. */
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
    if (!Object.hasOwn(kinds, name))
      throw badRequest(unknownOption(name, Object.keys(kinds)).message, name.slice(0, 80), 'unknown_parameter');
    checkParameter(name, value, kinds[name as keyof Parameters]);
    read[name] = value;
  }
  for (const name of required) checkParameter(name, read[name], kinds[name]);
  return read as Parameters;
}
