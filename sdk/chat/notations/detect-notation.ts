import { hermes } from './hermes.ts';
import type { ToolNotation } from './tool-notation.ts';
export const detectNotation = (template: string): ToolNotation | undefined =>
  template.includes('<tool_call>') ? hermes : undefined;
