import type { Expression } from '../expressions/expression.ts';
import type { Minimums } from '../schema/minimums.ts';
import type { Schemas } from '../schema/schemas.ts';
import type { Term } from '../schema/term.ts';
import type { Place, Places, Thread } from './place.ts';

/** Writes values that fit terms, for those that have values inside. */
export interface ValueWriter {
  readonly schemas: Schemas;
  readonly minimums: Minimums;
  readonly places: Places;
  /** Before every item or property but the first. */
  readonly comma: Expression;
  /** The name of a member with its colon; before all but the first a comma. */
  memberKey(name: string, isFirst: boolean): Expression;
  /** The same for what writes a name and its colon. */
  propertyKey(key: Expression, isFirst: boolean): Expression;
  readonly closing: Readonly<Record<']' | '}', Expression>>;
  /** The ways to write a value that fits a term, with what follows it. */
  value(term: Term, after: Place, text: string): Thread[];
  /** Where a value that fits a term comes next. */
  valuePlace(term: Term, after: Place): Place;
}
