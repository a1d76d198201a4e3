import type { Tool, ToolChoice, Tools } from '../loaded-model/tool.ts';
import * as is from '../options/kinds.ts';
import { badRequest } from './api-error.ts';
import { oneOf } from './check-parameter.ts';
import { RequestObject, requestObjects } from './request-object.ts';

/** The type of what is called; there is no other. */
export const functionType: is.Kind = oneOf('function');

const toolName: is.Kind = {
  mustBe: "a name of at most 64 letters, digits, '_', '-' and '.'",
  allows: (name) => typeof name === 'string' && /^[\w.-]{1,64}$/.test(name),
};

/** Which tools there are to call, and whether they must be. */
interface ReadTools {
  readonly tools?: Tools;
  readonly toolChoice?: ToolChoice;
}

/** The parameters `tools` and `tool_choice`. @throws ApiError 400 that says where */
export function readTools(given: readonly unknown[] = [], choice?: unknown): ReadTools {
  const tools = new Map<string, Tool>();
  for (const tool of requestObjects('tools', given)) {
    tool.get('type', functionType);
    const described = tool.object('function');
    const name = described.get<string>('name', toolName);
    if (tools.has(name)) throw badRequest(`${tool.at} has the name '${name}', as another has.`, tool.at);
    // `strict` says nothing new: what is called always follows the schema.
    tools.set(name, {
      description: described.get('description', is.optional(is.text)),
      parameters: described.get('parameters', is.optional(is.object)),
    });
  }
  if (tools.size === 0) {
    if (choice === undefined || choice === 'auto' || choice === 'none') return {};
    throw badRequest('tool_choice asks for a call, but there are no tools.', 'tool_choice');
  }
  const { allowed = [...tools.keys()], toolChoice } = readChoice(choice, tools);
  // By entries, which make a tool of any name, __proto__ too.
  return { tools: Object.fromEntries([...tools].filter(([name]) => allowed.includes(name))), toolChoice };
}

/** @returns also the tools that may be called, where those are not all */
function readChoice(
  choice: unknown,
  tools: ReadonlyMap<string, Tool>,
): { readonly toolChoice?: ToolChoice; readonly allowed?: readonly string[] } {
  if (choice === undefined || typeof choice === 'string') return { toolChoice: choice as ToolChoice };
  /** The name in `{ type: 'function', function: { name } }`. */
  const nameOf = (tool: RequestObject): string => {
    tool.get('type', functionType);
    return tool.object('function').get('name', oneOf(...tools.keys()));
  };
  const chosen = new RequestObject('tool_choice', choice);
  if (chosen.get('type', oneOf('function', 'allowed_tools')) === 'function')
    return { toolChoice: { tool: nameOf(chosen) } };
  const some = chosen.object('allowed_tools');
  return { toolChoice: some.get('mode', oneOf('auto', 'required')), allowed: some.list('tools').map(nameOf) };
}
