import { GptletError } from '../errors/gptlet-error.ts';

/** A JSON schema that is an object; the keywords are checked as they are read. */
export type Schema = Readonly<Record<string, unknown>>;

/** The types of JSON; every number is 'number' here, 'integer' narrows it. */
export type TypeName = 'object' | 'array' | 'string' | 'number' | 'integer' | 'boolean' | 'null';

/** Keywords that say something about values of one type only. */
const KEYWORDS_OF: Record<'object' | 'array' | 'string' | 'number', readonly string[]> = {
  object: ['properties', 'required', 'additionalProperties', 'maxProperties'],
  array: ['items', 'minItems', 'maxItems'],
  string: ['minLength', 'maxLength', 'pattern', 'format'],
  number: ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'],
};
const ANNOTATIONS: readonly string[] = [
  ...['title', 'description', 'default', 'examples', 'deprecated', 'readOnly', 'writeOnly'],
  ...['$schema', '$id', '$comment', '$defs', 'definitions', '$anchor'],
];
const ALTERNATIVES = ['$ref', 'anyOf', 'oneOf', 'allOf'];
const SUPPORTED = [...Object.values(KEYWORDS_OF).flat(), 'type', 'enum', 'const', ...ALTERNATIVES];
const TYPES: readonly string[] = ['object', 'array', 'string', 'number', 'integer', 'boolean', 'null'];

/** The error of something in a schema. */
export function schemaError(path: string, complaint: string): GptletError {
  return new GptletError('INVALID_OPTION', `jsonSchema at ${path || 'its top'} ${complaint}.`);
}

/** Refuses what would else be ignored: output that does not validate is worse than an error. */
export function checkKeywords(schema: Schema, path: string): void {
  for (const keyword of Object.keys(schema)) {
    if (SUPPORTED.includes(keyword) || isAnnotation(keyword)) continue;
    throw schemaError(
      path,
      `has the keyword "${keyword}", which is not supported; allowed are ${SUPPORTED.join(', ')}`,
    );
  }
}

/** Whether a keyword says nothing about which values fit. */
export function isAnnotation(keyword: string): boolean {
  return ANNOTATIONS.includes(keyword);
}

/** The types a schema allows: what `type` says, else the one its keywords speak of, else undefined for all. */
export function typesOf(schema: Schema, path: string): TypeName[] | undefined {
  const { type } = schema;
  if (type !== undefined) {
    const list: unknown[] = Array.isArray(type) ? type : [type];
    for (const name of list) {
      if (typeof name !== 'string' || !TYPES.includes(name))
        throw schemaError(path, `has the type ${JSON.stringify(name)}; allowed are ${TYPES.join(', ')}`);
    }
    return list as TypeName[];
  }
  for (const [name, keywords] of Object.entries(KEYWORDS_OF)) {
    if (keywords.some((keyword) => keyword in schema)) return [name as TypeName];
  }
  return undefined;
}

/** A number given by a keyword, undefined where absent. */
export function numberKeyword(schema: Schema, keyword: string, path: string): number | undefined {
  const value = schema[keyword];
  if (value === undefined) return undefined;
  if (typeof value !== 'number' || !Number.isFinite(value))
    throw schemaError(path, `has ${keyword} ${JSON.stringify(value)}; allowed is a number`);
  return value;
}

/** A count given by a keyword, or the fallback. */
export function countKeyword(schema: Schema, keyword: string, path: string, fallback: number): number {
  const value = schema[keyword] ?? fallback;
  if (value === fallback) return fallback;
  if (!Number.isInteger(value) || (value as number) < 0)
    throw schemaError(path, `has ${keyword} ${JSON.stringify(value)}; allowed is an integer of at least 0`);
  return value as number;
}

/** A string given by a keyword, undefined where absent. */
export function stringKeyword(schema: Schema, keyword: string, path: string): string | undefined {
  const value = schema[keyword];
  if (value !== undefined && typeof value !== 'string')
    throw schemaError(path, `has ${keyword} ${JSON.stringify(value)}; allowed is a string`);
  return value;
}

/** Whether a value is of a type. */
export function isOfType(value: unknown, type: TypeName): boolean {
  switch (type) {
    case 'null':
      return value === null;
    case 'array':
      return Array.isArray(value);
    case 'object':
      return typeof value === 'object' && value !== null && !Array.isArray(value);
    case 'integer':
      return Number.isInteger(value);
    default:
      return typeof value === type;
  }
}
