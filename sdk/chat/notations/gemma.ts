import { chooseTool } from './json-call.ts';
import { listParameters } from './list-parameters.ts';
import type { ToolNotation } from './tool-notation.ts';
import { freeText, listedValues } from './value-forms.ts';
import { writeArguments } from './write-arguments.ts';

/**
 * Braces, and texts between tokens of their own, so that nothing in them is escaped. Texts within lists and objects are JSON here:
 * which of two tokens comes is nothing that a constraint can leave open.
 */
const gemma = (open: string, quote: string, close: string): ToolNotation => ({
  begins: [open],
  async write(writer, _begin, tools) {
    writer.force('call:');
    const tool = await chooseTool(writer, tools, '{');
    const written = await writeArguments(writer, tool, {
      before: (name, isFirst) => `${isFirst ? '' : ','}${name}:`,
      after: '',
      end: '}',
      async writeOwn(caller, schema) {
        const listed = listedValues(schema);
        const texts = listed?.filter((value): value is string => typeof value === 'string' && value !== '');
        if (listed ? texts?.length !== listed.length : freeText(schema) !== 'text') return undefined;
        caller.force(quote);
        return { value: texts ? await caller.choose(texts, quote) : await caller.textUntil(quote) };
      },
    });
    writer.force(close);
    return [{ name: tool.name, arguments: written }];
  },
  check: listParameters,
});

/** `<start_function_call>call:name{key:<escape>text<escape>,number:1}<end_function_call>` (Google's formatting guide of FunctionGemma). */
export const functionGemma: ToolNotation = gemma('<start_function_call>', '<escape>', '<end_function_call>');

/** The same with other tokens: `<|tool_call>call:name{key:<|"|>text<|"|>}<tool_call|>` (Gemma 4's template). */
export const gemma4: ToolNotation = gemma('<|tool_call>', '<|"|>', '<tool_call|>');
