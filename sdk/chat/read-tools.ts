import { GptletError } from '../errors/gptlet-error.ts';
import { show } from '../errors/show.ts';
import type { Tools } from '../loaded-model/tool.ts';
import { readParameters } from './notations/read-parameters.ts';
import type { NamedTool } from './notations/tool-notation.ts';

/** A tool as the model is told of it. */
export type ReadTool = NamedTool & { readonly description?: string };

/** Tools with their parameters as JSON schemas. @throws GptletError INVALID_OPTION */
export const readTools = (tools: Tools): ReadTool[] =>
  Object.entries(tools).map(([name, { description, parameters }]) => {
    if (!/^[\w.-]{1,64}$/.test(name))
      throw new GptletError(
        'INVALID_OPTION',
        `A tool is named ${show(name)}; a name has 1 to 64 letters, digits, '_', '-' and '.'.`,
      );
    return { name, description, parameters: readParameters(name, parameters) };
  });
