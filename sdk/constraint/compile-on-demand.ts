import type { AutomatonStates } from './automaton.ts';
import type { ConstraintSpec } from './compile-constraint.ts';

/** {@link compileConstraint}, whose code is loaded for the first constraint. In a worker the page does it: see sdk/worker/by-page. */
export async function compileOnDemand(spec: ConstraintSpec): Promise<AutomatonStates> {
  const { compileConstraint } = await import('./compile-constraint.ts');
  return compileConstraint(spec);
}
