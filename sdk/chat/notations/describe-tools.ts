import type { NamedTool } from './tool-notation.ts';
export const describeTools = (tools: readonly NamedTool[]): string =>
  `<tools>\n${tools.map((tool) => JSON.stringify(tool)).join('\n')}\n</tools>`;
