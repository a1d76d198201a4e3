import type { CodePointRange } from '../code-point-range.ts';

/** A regular expression as it was written. */
export type Regex =
  /** One character of a set. */
  | { readonly kind: 'characters'; readonly ranges: readonly CodePointRange[] }
  | { readonly kind: 'sequence'; readonly parts: readonly Regex[] }
  | { readonly kind: 'choice'; readonly options: readonly Regex[] }
  | { readonly kind: 'repeat'; readonly body: Regex; readonly min: number; readonly max: number }
  /** `^`, `$`, `\b` and `\B`: they take no character. */
  | { readonly kind: 'start' | 'end' }
  | { readonly kind: 'boundary'; readonly negated: boolean }
  /** `(?=…)` and `(?!…)`. */
  | { readonly kind: 'ahead'; readonly body: Regex; readonly negated: boolean };

/** Whether something in it looks at its surroundings. */
export const looksAround = (regex: Regex): boolean =>
  has(regex, ({ kind }) => kind === 'start' || kind === 'end' || kind === 'boundary' || kind === 'ahead');

/** Whether something in it looks at what stands before it. */
export const looksBack = (regex: Regex): boolean => has(regex, ({ kind }) => kind === 'start' || kind === 'boundary');

function has(regex: Regex, is: (part: Regex) => boolean): boolean {
  if (is(regex)) return true;
  switch (regex.kind) {
    case 'sequence':
      return regex.parts.some((part) => has(part, is));
    case 'choice':
      return regex.options.some((option) => has(option, is));
    case 'repeat':
    case 'ahead':
      return has(regex.body, is);
    default:
      return false;
  }
}
