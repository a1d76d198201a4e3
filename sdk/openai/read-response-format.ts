import type { ConstraintOption } from '../loaded-model/generate-options.ts';
import * as is from '../options/kinds.ts';
import { checkParameter, oneOf, readObject } from './read-parameters.ts';

/** The form that the parameter `response_format` asks an answer's text to have. @throws ApiError 400 */
export function readResponseFormat(format: object | undefined): ConstraintOption | undefined {
  if (format === undefined) return undefined;
  const { type, json_schema: described } = readObject('response_format', format);
  checkParameter('response_format.type', type, oneOf('text', 'json_object', 'json_schema'));
  if (type === 'text') return undefined;
  if (type === 'json_object') return { jsonSchema: { type: 'object' } };
  const { name, schema, strict } = readObject('response_format.json_schema', described);
  checkParameter('response_format.json_schema.name', name, is.text);
  checkParameter('response_format.json_schema.schema', schema, is.optional(is.object));
  checkParameter('response_format.json_schema.strict', strict, is.optional(is.flag));
  // What is not strict follows the schema as far as that can be enforced.
  return { jsonSchema: schema ?? {}, unsupported: strict === true ? 'error' : 'ignore' };
}
