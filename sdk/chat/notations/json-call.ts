import type { JsonSchema } from '../../loaded-model/tool.ts';
import type { CallWriter, NamedTool, WrittenCall } from './tool-notation.ts';
import { writeJson } from './write-json.ts';

/** Joins objects, each of which speaks of names of its own. */
const joining = ['$ref', '$dynamicRef', 'allOf', 'anyOf', 'oneOf', 'not', 'if', 'dependentSchemas', 'dependencies'];
/** Says which other names there may be. */
const others = ['additionalProperties', 'unevaluatedProperties', 'patternProperties'];

/**
 * Writes a call that is a JSON object, from its name on: `{"name": "` is there already, and its closing brace comes with `ends`.
 *
 * @param member what the family calls the arguments
 */
export async function writeJsonCall(
  writer: CallWriter,
  tools: readonly NamedTool[],
  member: 'arguments' | 'parameters',
  ends: readonly string[],
): Promise<{ readonly call: WrittenCall; readonly end: string }> {
  const tool = await chooseTool(writer, tools, `", "${member}":`);
  const { text, end } = await writeJson(writer, tool, declaredOnly(tool.parameters), ends);
  return { call: { name: tool.name, arguments: JSON.parse(text) }, end };
}

/** Has the model name a tool. @param end what stands behind the name */
export async function chooseTool(writer: CallWriter, tools: readonly NamedTool[], end: string): Promise<NamedTool> {
  const name = await writer.choose(
    tools.map((tool) => tool.name),
    end,
  );
  return tools.find((tool) => tool.name === name) as NamedTool;
}

/** A schema of arguments without names that it does not speak of, where it leaves that open: a model would make some up. */
export function declaredOnly(parameters: JsonSchema): JsonSchema {
  if (others.some((keyword) => keyword in parameters)) return parameters;
  const { properties, required } = parameters as { properties?: object; required?: readonly string[] };
  const undeclared = (required ?? []).filter((name) => !Object.hasOwn(properties ?? {}, name));
  return {
    ...parameters,
    properties: { ...properties, ...Object.fromEntries(undeclared.map((name) => [name, true])) },
    [joining.some((keyword) => keyword in parameters) ? 'unevaluatedProperties' : 'additionalProperties']: false,
  };
}
