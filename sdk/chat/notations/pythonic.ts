import { chooseTool } from './json-call.ts';
import { listParameters } from './list-parameters.ts';
import type { CallWriter, NamedTool, ToolNotation, WrittenCall } from './tool-notation.ts';
import { listedValues } from './value-forms.ts';
import { type ArgumentStyle, writeArguments } from './write-arguments.ts';

const names = new Map<unknown, string>([
  [true, 'True'],
  [false, 'False'],
  [null, 'None'],
]);

/**
 * Python's names for what it names otherwise. Other values are JSON, which Python reads, within lists and objects with JSON's own
 * names: so LFM2.5's template writes them, and the parsers of vLLM and SGLang take both.
 */
const style: ArgumentStyle = {
  before: (name, isFirst) => `${isFirst ? '' : ', '}${name}=`,
  after: '',
  end: ')',
  async writeOwn(writer, schema) {
    const listed = listedValues(schema);
    if (!listed?.every((value) => names.has(value))) return undefined;
    const chosen = await writer.choose(listed.map((value) => names.get(value) as string));
    return { value: listed.find((value) => names.get(value) === chosen) };
  },
};

/** Calls in brackets, of which the first is there already. */
async function writeList(writer: CallWriter, tools: readonly NamedTool[], several: boolean): Promise<WrittenCall[]> {
  const calls: WrittenCall[] = [];
  do {
    const tool = await chooseTool(writer, tools, '(');
    calls.push({ name: tool.name, arguments: await writeArguments(writer, tool, style) });
  } while ((await writer.choose(several ? [', ', ']'] : [']'])) !== ']');
  return calls;
}

function spell({ name, arguments: given }: WrittenCall): string {
  const pairs = Object.entries(given).map(([key, value]) => `${key}=${names.get(value) ?? JSON.stringify(value)}`);
  return `[${name}(${pairs.join(', ')})]`;
}

/** A list of Python calls, as Llama 3.2 and 4 can be asked for: `[name(key="value"), …]` (Meta's prompt formats of both). */
export const pythonic: ToolNotation = {
  begins: ['['],
  onlyFirst: true,
  write: (writer, _begin, tools, several = true) => writeList(writer, tools, several),
  spell,
  check: listParameters,
};

/** The same between tokens, as LFM2 writes it: `<|tool_call_start|>[name(key="value")]<|tool_call_end|>` (Liquid's model cards). */
export const lfm2: ToolNotation = {
  begins: ['<|tool_call_start|>'],
  async write(writer, _begin, tools, several = true) {
    writer.force('[');
    const calls = await writeList(writer, tools, several);
    writer.force('<|tool_call_end|>');
    return calls;
  },
  spell: (call) => `<|tool_call_start|>${spell(call)}<|tool_call_end|>`,
  check: listParameters,
};
