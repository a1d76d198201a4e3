import { detectNotation } from './detect-notation.ts';
import { hermes } from './hermes.ts';
import type { ToolNotation } from './tool-notation.ts';

export { describeTools } from './describe-tools.ts';
export { spellOutCalls } from './spell-out-calls.ts';

/** How a model with this template writes calls, and whether the template tells it of the tools; else a text has to. */
export function notationOf(template: string): { readonly notation: ToolNotation; readonly listsTools: boolean } {
  const notation = detectNotation(template);
  return { notation: notation ?? hermes, listsTools: notation !== undefined };
}
