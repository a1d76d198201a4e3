import { describe, expect, it } from 'vitest';
import { detectNotation } from './detect-notation.ts';
import { functionGemma, gemma4 } from './gemma.ts';
import { hermes } from './hermes.ts';
import { llama } from './llama.ts';
import { mistralList, mistralNamed, mistralWithId } from './mistral.ts';
import { notationOf } from './notations.ts';
import { lfm2, pythonic } from './pythonic.ts';
import { qwenXml } from './qwen-xml.ts';
import type { ToolNotation } from './tool-notation.ts';

/** What makes a template one with tools, around the piece that says how calls are written. */
const withTools = (piece: string): string => `{%- if tools %}${piece}{%- endif %}{{ messages[0].content }}`;

describe('the notation of a template', () => {
  it.each<[string, ToolNotation, string]>([
    ['Qwen3', hermes, `{{- '<tool_call>\\n{"name": "' }}{{- call.name }}`],
    ['Qwen3-Coder', qwenXml, `{{- '<tool_call>\\n<function=' + call.name + '>\\n' }}`],
    ['FunctionGemma', functionGemma, `{{- '<start_function_call>call:' + call.name + '{' -}}`],
    ['Gemma 4', gemma4, `{{- '<|tool_call>call:' + call.name + '{' -}}`],
    ['LFM2', lfm2, `{{- "List of tools: <|tool_list_start|>[" }}`],
    ['LFM2.5', lfm2, `{{- "<|tool_call_start|>[" + calls + "]<|tool_call_end|>" -}}`],
    ['LFM2.5 without marks of its own', lfm2, `{%- set text = "List of tools: [" -%}`],
    ['Mistral 7B v0.3', mistralList, `{{- "[TOOL_CALLS] [" }}`],
    ['Mistral Small 3.2', mistralWithId, `{{- '[TOOL_CALLS]' + name + '[CALL_ID]' + id + '[ARGS]' }}`],
    ['Ministral 3', mistralNamed, `{{- '[TOOL_CALLS]' + name + '[ARGS]' + arguments }}`],
    ['Llama 3.1', llama, `{{- "<|python_tag|>" + name }}{{- '"parameters": ' }}`],
    ['Llama 3.2 for vLLM', llama, `{{- 'Write {"name": function name, "parameters": dictionary}' }}`],
    ['Llama 4 for vLLM', pythonic, `{{- 'Use [func_name1(a=1), func_name2()]' }}`],
  ])('of %s', (_, notation, piece) => {
    expect(detectNotation(withTools(piece))).toBe(notation);
    expect(notationOf(withTools(piece))).toEqual({ notation, listsTools: true });
  });

  it('is none where tools are not spoken of, or in a way that is not known', () => {
    expect(detectNotation('{{ messages[0].content }}')).toBeUndefined();
    expect(detectNotation(`{{ '<tool_call>' }}{{ messages[0].content }}`)).toBeUndefined();
    const smolLm3 = `{%- if xml_tools %}{{- "Listed in <tools></tools>. Don't forget <tool_call>." }}{%- endif %}`;
    expect(detectNotation(smolLm3)).toBeUndefined();
    expect(detectNotation(withTools(`{{ '<tool_call>' + name + '<arg_key>' }}`))).toBeUndefined();
    expect(detectNotation(withTools(`{{ '<tool_calls>\\n<tool_call>' + name }}`))).toBeUndefined();
    expect(detectNotation(withTools(`{{ '<｜tool▁calls▁begin｜>' }}`))).toBeUndefined();
  });

  it('is Hermes where it is none, and then a text has to list the tools', () => {
    expect(notationOf('plain')).toEqual({ notation: hermes, listsTools: false });
  });
});
