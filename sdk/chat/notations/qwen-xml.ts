import { chooseTool } from './json-call.ts';
import { listParameters } from './list-parameters.ts';
import type { ToolNotation } from './tool-notation.ts';
import { freeText, listedValues } from './value-forms.ts';
import { type ArgumentStyle, writeArguments } from './write-arguments.ts';

const close = '</parameter>';

/** Texts stand there as they are, all else as JSON. */
const style: ArgumentStyle = {
  before: (name) => `\n<parameter=${name}>\n`,
  after: `\n${close}`,
  end: '\n</function>',
  async writeOwn(writer, schema) {
    const listed = listedValues(schema);
    if (listed) {
      const texts = listed.map((value) => (typeof value === 'string' ? value : JSON.stringify(value)));
      return { value: listed[texts.indexOf(await writer.choose(texts, `\n${close}`))] };
    }
    const form = freeText(schema);
    if (!form) return undefined;
    // The line break before the tag is not the text's. Models at times leave it out.
    const text = (await writer.textUntil(close)).replace(/\n$/, '');
    return { value: form === 'text or null' && text === 'null' ? null : text };
  },
};

/**
 * Tags, as in the templates of Qwen3-Coder and Qwen3.5:
 * `<tool_call>\n<function=name>\n<parameter=key>\nvalue\n</parameter>\n</function>\n</tool_call>`. How values are read: the parsers
 * `qwen3_coder` of vLLM and SGLang.
 */
export const qwenXml: ToolNotation = {
  begins: ['<tool_call>'],
  async write(writer, _begin, tools) {
    writer.force('\n<function=');
    const tool = await chooseTool(writer, tools, '>');
    const written = await writeArguments(writer, tool, style);
    writer.force('\n</tool_call>');
    return [{ name: tool.name, arguments: written }];
  },
  check: listParameters,
};
