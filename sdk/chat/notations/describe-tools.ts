import type { NamedTool } from './tool-notation.ts';

/** What a model is told of its tools where its template has no place for them: a system text that asks for the notation of Hermes. */
export function describeTools(tools: readonly (NamedTool & { readonly description?: string })[]): string {
  const lines = tools.map(({ name, description, parameters }) =>
    JSON.stringify({ type: 'function', function: { name, description, parameters } }),
  );
  return [
    'You have tools. Each line between the tags describes one, with a JSON schema of its arguments:',
    '<tools>',
    ...lines,
    '</tools>',
    '',
    'Use a tool when it helps to answer. To call one, write its name and its arguments as JSON between tags, and nothing after that:',
    '<tool_call>',
    '{"name": "name of the tool", "arguments": {"name of an argument": "its value"}}',
    '</tool_call>',
    'What it returns comes to you in the next message, between <tool_response> and </tool_response>. Where no tool helps, just answer.',
  ].join('\n');
}
