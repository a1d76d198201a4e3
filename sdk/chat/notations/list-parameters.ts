import { GptletError } from '../../errors/gptlet-error.ts';
import { isObject, partAt, referred, type SchemaPart } from './schema-part.ts';
import type { NamedTool } from './tool-notation.ts';

/** One argument of a tool. */
export interface Parameter {
  readonly name: string;
  readonly part: SchemaPart;
  readonly required: boolean;
}

/** Conditions on an object that no value alone can answer for. */
const ofTheWhole = [
  ...['anyOf', 'oneOf', 'not', 'if', 'dependentRequired', 'dependentSchemas', 'dependencies', 'patternProperties'],
  ...['propertyNames', 'minProperties', 'maxProperties', 'enum', 'const', '$dynamicRef', '$recursiveRef'],
];

/**
 * The arguments of a tool one by one, for notations in which each is written by itself: in the schema's order, through `$ref` and
 * `allOf`. Names beyond those that are declared are not offered.
 *
 * @throws GptletError INVALID_OPTION for a schema that cannot be taken apart so
 */
export function listParameters(tool: NamedTool): Parameter[] {
  const parts = new Map<string, SchemaPart>();
  const required = new Set<string>();
  const whole: SchemaPart = { root: tool.parameters, path: [], schema: tool.parameters };
  collect(tool.name, whole, parts, required, 0);
  for (const name of required) if (!parts.has(name)) parts.set(name, { ...whole, schema: true });
  for (const name of parts.keys())
    if (/[\s<>{}()[\]:=,"'`]/.test(name) || name === '')
      throw refused(tool.name, `has a property named ${JSON.stringify(name)}`, 'use letters, digits, - and _');
  return [...parts].map(([name, part]) => ({ name, part, required: required.has(name) }));
}

function collect(
  tool: string,
  part: SchemaPart,
  parts: Map<string, SchemaPart>,
  required: Set<string>,
  depth: number,
): void {
  const { schema, path } = part;
  if (schema === true) return;
  if (schema === false || depth > 20) throw refused(tool, 'fits no object', 'correct it');
  const inside = (...keys: string[]): SchemaPart => partAt(part, [...path, ...keys]) as SchemaPart;
  const join = (other: SchemaPart): void => collect(tool, other, parts, required, depth + 1);
  if ('$ref' in schema) {
    const target = referred(part);
    if (!target)
      throw refused(tool, `has $ref ${JSON.stringify(schema.$ref)} at its top`, 'put there what it refers to');
    join(target);
  }
  for (const keyword of ['allOf', 'anyOf', 'oneOf']) {
    const list = schema[keyword];
    if (Array.isArray(list) && (keyword === 'allOf' || list.length === 1))
      for (const i of list.keys()) join(inside(keyword, String(i)));
    else if (keyword in schema) throw refusedKeyword(tool, keyword);
  }
  for (const keyword of ofTheWhole)
    if (keyword in schema && !/^(any|one)Of$/.test(keyword)) throw refusedKeyword(tool, keyword);
  for (const name of Object.keys(isObject(schema.properties) ? schema.properties : {})) {
    if (parts.has(name)) throw refused(tool, `speaks twice of the property '${name}'`, 'join the two');
    parts.set(name, inside('properties', name));
  }
  for (const name of Array.isArray(schema.required) ? schema.required : []) required.add(String(name));
}

const refusedKeyword = (tool: string, keyword: string): GptletError =>
  refused(tool, `has ${keyword} at its top`, `put the ${keyword} into a property`);

const refused = (tool: string, what: string, instead: string): GptletError =>
  new GptletError(
    'INVALID_OPTION',
    `tools.${tool}.parameters ${what}, which this model's way of writing calls, one argument after the other, cannot follow; ${instead}.`,
  );
