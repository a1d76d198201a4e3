import { GptletError } from '../../errors/gptlet-error.ts';
import { show } from '../../errors/show.ts';
import type { JsonSchema, Tool } from '../../loaded-model/tool.ts';

const dialect = 'https://json-schema.org/draft/2020-12/schema';

/**
 * The schema of a tool's arguments as a JSON schema: an object's, with `properties`.
 *
 * @param tool its name, for messages
 * @throws GptletError INVALID_OPTION for what is no schema of an object, or does not tell what JSON schema it is
 */
export function readParameters(tool: string, parameters: Tool['parameters']): JsonSchema {
  if (parameters === undefined || parameters === null) return { type: 'object', properties: {} };
  const name = `tools.${tool}.parameters`;
  // Schemas of some libraries are functions.
  if ((typeof parameters !== 'object' && typeof parameters !== 'function') || Array.isArray(parameters))
    throw new GptletError(
      'INVALID_OPTION',
      `${name} is ${show(parameters)}; it must be a JSON schema of an object, or a schema of a library that tells its JSON schema.`,
    );
  const schema = standsForAnother(parameters) ? toldBy(parameters, name) : (parameters as JsonSchema);
  const types = Array.isArray(schema.type) ? schema.type : [schema.type ?? 'object'];
  if (!types.includes('object'))
    throw new GptletError(
      'INVALID_OPTION',
      `${name} is the schema of a value of the type ${show(schema.type)}; arguments are an object: make it a property of one.`,
    );
  const { $schema, ...rest } = schema;
  // The newest dialect goes without saying; an older one means something.
  return {
    ...($schema !== undefined && $schema !== dialect && { $schema }),
    ...rest,
    type: 'object',
    properties: schema.properties ?? {},
  };
}

/** Whether it is a library's own object, old ones among them, and no JSON schema. */
const standsForAnother = (value: object): boolean =>
  '~standard' in value || typeof value === 'function' || typeof (value as { parse?: unknown }).parse === 'function';

/** What a library's schema says of itself: https://standardschema.dev/json-schema. */
function toldBy(schema: object, name: string): JsonSchema {
  const standard = (schema as { '~standard'?: { vendor?: string; jsonSchema?: { input?: unknown } } })['~standard'];
  const input = standard?.jsonSchema?.input;
  if (typeof input !== 'function')
    throw new GptletError(
      'INVALID_OPTION',
      `${name} is a schema of ${standard?.vendor ?? 'a library'} that does not tell its JSON schema. Pass the JSON schema itself; with zod, z.toJSONSchema(schema) makes it, and from zod 4.2 on the schema will do.`,
    );
  try {
    return input({ target: 'draft-2020-12' });
  } catch (cause) {
    throw new GptletError(
      'INVALID_OPTION',
      `${name} cannot be said as a JSON schema: ${cause instanceof Error ? cause.message : cause}. Leave that out, or pass a JSON schema.`,
      { cause },
    );
  }
}
