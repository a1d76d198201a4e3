import { functionGemma, gemma4 } from './gemma.ts';
import { hermes } from './hermes.ts';
import { llama } from './llama.ts';
import { mistralList, mistralNamed, mistralWithId } from './mistral.ts';
import { lfm2, pythonic } from './pythonic.ts';
import { qwenXml } from './qwen-xml.ts';
import type { ToolNotation } from './tool-notation.ts';

/** What stands in the templates that speak a notation, the more particular first; GLM and Hunyuan have Hermes' tags around other forms. */
const marks: readonly (readonly [RegExp, ToolNotation | undefined])[] = [
  [/<function=/, qwenXml],
  [/<start_function_(call|declaration)>/, functionGemma],
  [/<\|tool_call>call:/, gemma4],
  [/<\|tool_(call|list)_start\|>|List of tools: /, lfm2],
  [/\[TOOL_CALLS\][\s\S]*\[CALL_ID\]/, mistralWithId],
  [/\[TOOL_CALLS\][\s\S]*\[ARGS\]/, mistralNamed],
  [/\[TOOL_CALLS\]/, mistralList],
  [/<arg_key>|<tool_calls>/, undefined],
  [/<tool_call>/, hermes],
  [/\[func_name1\(/, pythonic],
  [/<\|python_tag\|>|"name": function name, "parameters":/, llama],
];

/** The notation of a Jinja template's tools; undefined where it lists none, or speaks one that is not known here. */
export function detectNotation(template: string): ToolNotation | undefined {
  return readsTools(template) ? marks.find(([mark]) => mark.test(template))?.[1] : undefined;
}

/** Whether the template reads the variable `tools`: SmolLM3's has another, and the word in its texts. */
function readsTools(template: string): boolean {
  const tags = template.match(/\{[%{][\s\S]*?[%}]\}/g) ?? [];
  return tags.some((tag) => /[^\w.]tools\b/.test(tag.replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g, '')));
}
