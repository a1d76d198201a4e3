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
  spell: (call) => `<tool_call>\n{"name": "${call.name}", "arguments": ${withBlanks(call.arguments)}}\n</tool_call>`,
};

/** JSON with the blanks that Python puts into it, and models from there. */
const withBlanks = (value: unknown): string =>
  JSON.stringify(value, null, 1).replace(/,\n */g, ', ').replace(/\n */g, '');
