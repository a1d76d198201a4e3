import type { GptletErrorCode } from '../errors/gptlet-error.ts';
import { invalid } from '../errors/invalid.ts';
import type { Kind } from './kinds.ts';

/** That a value, and what is inside it, is what it may be. @throws GptletError INVALID_OPTION, or of `code` */
export function checkArgument(name: string, value: unknown, kind: Kind, code?: GptletErrorCode): void {
  if (!kind.allows(value)) throw invalid(name, value, kind.mustBe, code);
  for (const [part, inner, innerKind] of kind.parts?.(name, value as never) ?? [])
    checkArgument(part, inner, innerKind, code);
}
