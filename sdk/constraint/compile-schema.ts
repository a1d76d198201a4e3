import { AutomatonTooLarge } from './automaton.ts';
import { compilePattern } from './compile-pattern.ts';
import { schemaPattern } from './json-schema.ts';
import type { LazyDfa } from './lazy-dfa.ts';

/** How often a recursive reference may be entered inside itself: the first that fits is taken. */
const DEPTHS = [8, 4, 2, 1];
/** Depth is not worth more states than this: they take time to build. */
const STATES_FOR_DEPTH = 30_000;

/**
 * The automaton of a JSON schema. A finite automaton has no stack, so recursion is expanded: 8 levels deep, or 4, 2, 1
 * where the schema branches so much that more does not fit.
 */
export function compileSchema(schema: unknown): LazyDfa {
  for (const depth of DEPTHS.slice(0, -1)) {
    try {
      return compilePattern(schemaPattern(schema, depth), STATES_FOR_DEPTH);
    } catch (error) {
      if (!(error instanceof AutomatonTooLarge)) throw error;
    }
  }
  return compilePattern(schemaPattern(schema, DEPTHS[DEPTHS.length - 1]));
}
