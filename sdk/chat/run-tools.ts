import type { ToolResult } from '../loaded-model/chatting.ts';
import type { ToolCall } from '../loaded-model/message.ts';
import type { StandardJsonSchema, Tool, Tools } from '../loaded-model/tool.ts';
import { abortable } from '../platform/abortable.ts';

/** Whether every call can be run here. */
export const canRunAll = (calls: readonly ToolCall[], tools: Tools): boolean =>
  calls.length > 0 && calls.every(({ name }) => tools[name]?.execute !== undefined);

/**
 * Runs calls side by side. What goes wrong in one is its result: the model reads it and may try again.
 *
 * @throws the signal's reason once it is aborted
 */
export const runTools = (calls: readonly ToolCall[], tools: Tools, signal: AbortSignal): Promise<ToolResult[]> =>
  abortable(Promise.all(calls.map((call) => runTool(call, tools[call.name], signal))), signal);

async function runTool({ id, name, arguments: given }: ToolCall, tool: Tool, signal: AbortSignal): Promise<ToolResult> {
  const about = { toolCallId: id, name };
  try {
    const value = await tool.execute?.(await validated(given, tool), { id, signal });
    return { ...about, content: typeof value === 'string' ? value : (JSON.stringify(value) ?? ''), isError: false };
  } catch (error) {
    return { ...about, content: error instanceof Error ? error.message : String(error), isError: true };
  }
}

/** Arguments as a schema library gives them: with its defaults and transformations. */
async function validated(given: ToolCall['arguments'], { parameters }: Tool): Promise<unknown> {
  const standard = (parameters as Partial<StandardJsonSchema> | undefined)?.['~standard'];
  if (!standard) return given;
  const result = await standard.validate(given);
  if (result.issues) throw new Error(result.issues.map(({ message }) => message).join('; '));
  return result.value;
}
