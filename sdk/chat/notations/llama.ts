import { writeJsonCall } from './json-call.ts';
import type { ToolNotation } from './tool-notation.ts';

const opening = '{"name": "';

/**
 * A plain JSON object, as Llama 3.1 and 3.2 write it: `{"name": "…", "parameters": {…}}`. Their template asks for that form and
 * refuses more than one call in a message; models at times put `<|python_tag|>`, or a type, before it (Meta's model card of Llama 3.1
 * and vLLM's parser `llama3_json` tell of both).
 */
export const llama: ToolNotation = {
  begins: [opening, '{"type": "function", "name": "', '<|python_tag|>'],
  onlyFirst: true,
  async write(writer, begin, tools) {
    if (begin === '<|python_tag|>') writer.force(opening);
    const { call } = await writeJsonCall(writer, tools, 'parameters', ['}']);
    return [call];
  },
};
