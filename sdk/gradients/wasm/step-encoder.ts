import type { Step } from '../step.ts';
import type { PlanMemory } from './plan-memory.ts';

/** A step's words for its kernel, in the order of the fields of the struct that stands beside the kernel in wasm/gradients. */
export type Encode<K extends Step['kernel']> = (
  step: Extract<Step, { readonly kernel: K }>,
  memory: PlanMemory,
) => readonly number[];
