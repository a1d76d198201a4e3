import type { Tokenizer } from '../../tokenizer/tokenizer.ts';
import { type ConstraintSpec, compileConstraint } from '../compile-constraint.ts';
import type { Constraint } from '../constraint.ts';
import { createConstraint as follow } from '../create-constraint.ts';

/** Compiles a constraint and makes its follower. */
export const createConstraint = async (
  spec: ConstraintSpec,
  tokenizer: Tokenizer,
  eosTokenIds?: readonly number[],
): Promise<Constraint> => follow(compileConstraint(spec), tokenizer, eosTokenIds);
