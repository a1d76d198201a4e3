import { show } from '../errors/show.ts';
import type { JsonSchema, Tool, ToolChoice, Tools } from '../loaded-model/tool.ts';
import * as is from '../options/kinds.ts';
import { badRequest } from './api-error.ts';
import { checkParameter, oneOf, readObject } from './read-parameters.ts';

/** Which tools there are to call, and whether they must be. */
export interface ReadTools {
  readonly tools?: Tools;
  readonly toolChoice?: ToolChoice;
}

const toolName: is.Kind = {
  mustBe: "a name of at most 64 letters, digits, '_', '-' and '.'",
  allows: (name) => typeof name === 'string' && /^[\w.-]{1,64}$/.test(name),
};

/** The parameters `tools` and `tool_choice`. @throws ApiError 400 that says where */
export function readTools(tools: readonly unknown[] = [], choice?: unknown): ReadTools {
  const named = new Map<string, Tool>();
  for (const [i, value] of tools.entries()) {
    const [name, tool] = readTool(`tools[${i}]`, value);
    if (named.has(name))
      throw badRequest(`tools[${i}].function.name is '${name}', as another tool's is.`, `tools[${i}].function.name`);
    named.set(name, tool);
  }
  const { allowed = [...named.keys()], toolChoice } = readChoice(choice, named);
  if (named.size === 0) return {};
  // By entries, which make a tool of any name, __proto__ too.
  return { tools: Object.fromEntries([...named].filter(([name]) => allowed.includes(name))), toolChoice };
}

function readTool(at: string, value: unknown): [name: string, tool: Tool] {
  const { type, function: described } = readObject(at, value);
  if (type === 'custom')
    throw badRequest(`${at}.type is 'custom', which is not supported: use 'function'.`, `${at}.type`);
  checkParameter(`${at}.type`, type, oneOf('function'));
  // `strict` says nothing new: what is called always follows the schema.
  const { name, description, parameters } = readObject(`${at}.function`, described);
  checkParameter(`${at}.function.name`, name, toolName);
  checkParameter(`${at}.function.description`, description, is.optional(is.text));
  checkParameter(`${at}.function.parameters`, parameters, is.optional(is.object));
  const tool: Tool = {
    ...(description != null && { description: description as string }),
    ...(parameters != null && { parameters: parameters as JsonSchema }),
  };
  return [name as string, tool];
}

function readChoice(
  choice: unknown,
  tools: ReadonlyMap<string, Tool>,
): { allowed?: readonly string[]; toolChoice?: ToolChoice } {
  if (choice === undefined) return {};
  if (choice === 'auto' || choice === 'none') return { toolChoice: choice };
  if (tools.size === 0) throw badRequest('tool_choice asks for a call, but there are no tools.', 'tool_choice');
  if (choice === 'required') return { toolChoice: choice };
  const { type, function: chosen, allowed_tools: allowed } = readObject('tool_choice', choice);
  if (type === 'function')
    return { toolChoice: { tool: readChosen('tool_choice', { type, function: chosen }, tools) } };
  if (type === 'allowed_tools') {
    const { mode, tools: list } = readObject('tool_choice.allowed_tools', allowed);
    checkParameter('tool_choice.allowed_tools.mode', mode, oneOf('auto', 'required'));
    checkParameter('tool_choice.allowed_tools.tools', list, {
      mustBe: 'an array of at least one tool',
      allows: (value) => Array.isArray(value) && value.length > 0,
    });
    const names = (list as unknown[]).map((tool, i) =>
      readChosen(`tool_choice.allowed_tools.tools[${i}]`, tool, tools),
    );
    return { allowed: names, toolChoice: mode as 'auto' | 'required' };
  }
  const message = `tool_choice.type is ${show(type)}; it must be 'function' or 'allowed_tools'.`;
  throw badRequest(message, 'tool_choice.type');
}

/** The name of a tool that is chosen: `{ type: 'function', function: { name } }`. */
function readChosen(at: string, value: unknown, tools: ReadonlyMap<string, Tool>): string {
  const { type, function: chosen } = readObject(at, value);
  checkParameter(`${at}.type`, type, oneOf('function'));
  const { name } = readObject(`${at}.function`, chosen);
  checkParameter(`${at}.function.name`, name, {
    mustBe: 'the name of one of the tools',
    allows: (given) => tools.has(given as string),
  });
  return name as string;
}
