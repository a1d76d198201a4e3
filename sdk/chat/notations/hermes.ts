import type { ToolNotation } from './tool-notation.ts';
export const hermes: ToolNotation = {
  begins: ['<tool_call>'],
  async write(writer, _begin, tools) {
    writer.force('\n{"name": "');
    const name = await writer.choose(tools.map((tool) => tool.name));
    writer.force('", "arguments": ');
    const text = await writer.json(tools.find((tool) => tool.name === name)?.parameters ?? true);
    writer.force('}\n</tool_call>');
    return [{ name, arguments: JSON.parse(text) as Record<string, unknown> }];
  },
};
