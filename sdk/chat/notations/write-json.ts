import { GptletError } from '../../errors/gptlet-error.ts';
import type { JsonSchema } from '../../loaded-model/tool.ts';
import type { CallWriter, NamedTool } from './tool-notation.ts';

/** JSON of a tool's schema. @throws GptletError INVALID_OPTION that names the tool, where its schema cannot be followed */
export async function writeJson(
  writer: CallWriter,
  { name }: NamedTool,
  schema: JsonSchema | boolean,
  ends: readonly string[],
): Promise<{ readonly text: string; readonly end: string }> {
  try {
    return await writer.json(schema, ends);
  } catch (cause) {
    if (!GptletError.isInstance(cause) || cause.code !== 'INVALID_OPTION') throw cause;
    throw new GptletError('INVALID_OPTION', `tools.${name}.parameters: ${cause.message}`, { cause });
  }
}
