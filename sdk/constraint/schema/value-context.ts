import type { SchemaDocument } from './document.ts';
import type { Language } from './language.ts';
import type { Term, Terms } from './term.ts';
import type { ValueSets, Values } from './values.ts';

/** What one schema is read with: the document that it stands in, and the values of other terms. */
export interface ValueContext {
  readonly document: SchemaDocument;
  readonly terms: Terms;
  readonly language: Language;
  readonly sets: ValueSets;
  /** The values that a term allows. */
  of(term: Term): Values;
  /** Values that are in all of some sets, which are asked for one after the other. */
  all(parts: readonly (() => Values)[]): Values;
  /** Without the shapes that nothing fits. */
  tidy(values: Values): Values;
  isEmpty(values: Values): boolean;
}
