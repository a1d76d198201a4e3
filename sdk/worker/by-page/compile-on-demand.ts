import type { AutomatonStates } from '../../constraint/automaton.ts';
import type { ConstraintSpec } from '../../constraint/compile-constraint.ts';
import { fromOutcome } from '../outcome.ts';
import { page } from './page.ts';

/** Stands in a worker for the function of the same name in sdk/constraint. */
export async function compileOnDemand(spec: ConstraintSpec): Promise<AutomatonStates> {
  return fromOutcome(await page().compileConstraint(spec));
}
