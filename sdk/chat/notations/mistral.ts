import { chooseTool, declaredOnly, writeJsonCall } from './json-call.ts';
import type { ToolNotation, WrittenCall } from './tool-notation.ts';
import { writeJson } from './write-json.ts';

const begins: readonly string[] = ['[TOOL_CALLS]'];

/** A list, as in the templates of Mistral 7B v0.3, Nemo and Small 3.1: `[TOOL_CALLS] [{"name": "…", "arguments": {…}}, …]`. */
export const mistralList: ToolNotation = {
  begins,
  async write(writer, _begin, tools, several = true) {
    const calls: WrittenCall[] = [];
    // Tokenizers differ in whether a blank stands there.
    await writer.choose([' [{"name": "', '[{"name": "']);
    const ends = ['}]', ...(several ? ['}, {"name": "'] : [])];
    for (let last = ''; last !== '}]'; ) {
      const { call, end } = await writeJsonCall(writer, tools, 'arguments', ends);
      calls.push(call);
      last = end;
    }
    return calls;
  },
};

/**
 * Name and arguments with tokens between them, as in the templates of Ministral 3 and Devstral Small 2: `[TOOL_CALLS]name[ARGS]{…}`;
 * Mistral Small 3.2 has an id of nine characters there too: `[TOOL_CALLS]name[CALL_ID]123456789[ARGS]{…}`.
 */
const named = (afterName: string, beforeArguments: string): ToolNotation => ({
  begins,
  async write(writer, _begin, tools) {
    const tool = await chooseTool(writer, tools, afterName);
    writer.force(beforeArguments);
    const { text } = await writeJson(writer, tool, declaredOnly(tool.parameters), []);
    return [{ name: tool.name, arguments: JSON.parse(text) }];
  },
});

export const mistralNamed: ToolNotation = named('[ARGS]', '');
export const mistralWithId: ToolNotation = named('[CALL_ID]', 'call00000[ARGS]');
