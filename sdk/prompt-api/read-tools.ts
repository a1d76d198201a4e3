import type { JsonSchema, Tool, Tools } from '../loaded-model/tool.ts';
import type { LanguageModelTool } from './dictionaries.ts';
import { dictionary, sequence } from './web-idl.ts';

/**
 * Tools by their names, as `model.chat` takes them.
 *
 * @throws TypeError for a tool without name, description, schema or `execute`, a schema that is not an object's, a name given twice;
 *   what a schema's getters throw
 */
export function readTools(given: Iterable<LanguageModelTool>): Tools {
  const tools = new Map<string, Tool>();
  for (const tool of sequence(given, 'tools')) {
    const { name: givenName, description, inputSchema, execute } = dictionary(tool, 'A tool');
    const name = `${givenName ?? ''}`;
    if (!name || !description) throw new TypeError('A tool needs a name and a description.');
    if (tools.has(name)) throw new TypeError(`There are two tools with the name '${name}'.`);
    const parameters = readSchema(inputSchema, name);
    if (typeof execute !== 'function') throw new TypeError(`The tool '${name}' has no function execute.`);
    tools.set(name, {
      description: `${description}`,
      parameters,
      execute: (args: unknown) => execute.call(tool, args),
    });
  }
  return Object.fromEntries(tools);
}

/** A copy, so that later changes change nothing. */
function readSchema(given: unknown, name: string): JsonSchema {
  const whose = `inputSchema of the tool '${name}'`;
  if (typeof given !== 'object' || given === null) throw new TypeError(`${whose} is no object.`);
  const { type, properties = {}, required = [] } = given as JsonSchema;
  if (type !== 'object') throw new TypeError(`${whose} is not of the type 'object'.`);
  if (typeof properties !== 'object' || properties === null || !Array.isArray(required))
    throw new TypeError(`${whose} has properties that are no object, or required that is no array.`);
  return JSON.parse(JSON.stringify(given));
}
