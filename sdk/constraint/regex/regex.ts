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
export function looksAround(regex: Regex): boolean {
  switch (regex.kind) {
    case 'characters':
      return false;
    case 'sequence':
      return regex.parts.some(looksAround);
    case 'choice':
      return regex.options.some(looksAround);
    case 'repeat':
      return looksAround(regex.body);
    default:
      return true;
  }
}
