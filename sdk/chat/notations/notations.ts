// What chats with tools need, in a chunk of its own.
import { describeTools } from './describe-tools.ts';
import { detectNotation } from './detect-notation.ts';
import { hermes } from './hermes.ts';
import type { ToolNotation } from './tool-notation.ts';

export { describeTools };

/** How calls are written under a template, and whether the template tells the model of the tools. */
export function notationOf(template: string): { notation: ToolNotation; listsTools: boolean } {
  const notation = detectNotation(template);
  return notation ? { notation, listsTools: true } : { notation: hermes, listsTools: false };
}
