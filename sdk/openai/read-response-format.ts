import type { ConstraintOption } from '../loaded-model/generate-options.ts';
import * as is from '../options/kinds.ts';
import { oneOf } from './check-parameter.ts';
import { RequestObject } from './request-object.ts';

/** The form that the parameter `response_format` asks an answer's text to have. @throws ApiError 400 */
export function readResponseFormat(given: object | undefined): ConstraintOption | undefined {
  if (given === undefined) return undefined;
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
