import type { ConstraintOption } from '../loaded-model/generate-options.ts';
import * as is from '../options/kinds.ts';
import { badRequest } from './api-error.ts';
import { oneOf } from './check-parameter.ts';
import type { Kinds } from './read-parameters.ts';
import { RequestObject } from './request-object.ts';

/** The form that an answer's text is to have. OpenAI has the first, vLLM the second. */
export interface ConstraintParameters {
  readonly response_format?: object;
  /** With `choice` or `regex`. */
  readonly structured_outputs?: object;
  readonly guided_choice?: unknown;
  readonly guided_regex?: unknown;
  readonly regex?: unknown;
  readonly grammar?: unknown;
}

/** `connect` sends what every server may call the same thing: beside `structured_outputs` these say nothing new. */
const otherNames = ['guided_choice', 'guided_regex', 'regex', 'grammar'] as const;
const anything: is.Kind = { mustBe: 'anything', allows: () => true };

export const constraintKinds: Kinds<ConstraintParameters> = {
  response_format: is.object,
  structured_outputs: is.object,
  guided_choice: anything,
  guided_regex: anything,
  regex: anything,
  grammar: anything,
};

/** @throws ApiError 400 */
export function readConstraint(parameters: ConstraintParameters): ConstraintOption | undefined {
  const { response_format: format, structured_outputs: outputs } = parameters;
  const other = otherNames.find((name) => parameters[name] !== undefined);
  if (other && !outputs)
    throw badRequest(`${other} is not supported: use structured_outputs.`, other, 'unsupported_parameter');
  if (format && outputs)
    throw badRequest('structured_outputs is given beside response_format; give one of the two.', 'structured_outputs');
  return outputs ? readStructuredOutputs(outputs) : format && readResponseFormat(format);
}

function readStructuredOutputs(given: object): ConstraintOption {
  const outputs = new RequestObject('structured_outputs', given);
  const choices = 'choice' in given ? outputs.get<string[]>('choice', is.filledTexts) : undefined;
  const regex = outputs.get<string | undefined>('regex', is.optional(is.text));
  if ((choices === undefined) === (regex === undefined))
    throw badRequest('structured_outputs must have one of choice and regex.', 'structured_outputs');
  return choices ? { choices } : { regex: regex as string };
}

function readResponseFormat(given: object): ConstraintOption | undefined {
  const format = new RequestObject('response_format', given);
  const type = format.get('type', oneOf('text', 'json_object', 'json_schema'));
  if (type === 'text') return undefined;
  if (type === 'json_object') return { jsonSchema: { type: 'object' } };
  const described = format.object('json_schema');
  described.get('name', is.text);
  return {
    jsonSchema: described.get<object | undefined>('schema', is.optional(is.object)) ?? {},
    // What is not strict follows the schema as far as that can be enforced.
    unsupported: described.get('strict', is.optional(is.flag)) ? 'error' : 'ignore',
  };
}
