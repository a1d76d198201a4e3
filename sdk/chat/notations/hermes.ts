import { writeJsonCall } from './json-call.ts';
import type { ToolNotation } from './tool-notation.ts';

/**
 * JSON between tags, one call a pair, as in the templates of Qwen2.5, Qwen3, SmolLM3, Granite 4 and, the arguments first there,
 * Hermes 2 Pro: `<tool_call>\n{"name": "…", "arguments": {…}}\n</tool_call>`.
 */
export const hermes: ToolNotation = {
  begins: ['<tool_call>'],
  async write(writer, _begin, tools) {
    writer.force('\n{"name": "');
    const { call } = await writeJsonCall(writer, tools, 'arguments', ['}']);
    writer.force('\n</tool_call>');
    return [call];
  },
};
