import type { ConstraintSpec } from './compile-constraint.ts';
import type { VocabularyBytes } from './vocabulary-bytes.ts';

/** What may come next in a constrained text. */
export interface ConstraintStep {
  /** One bit per token id that may come next; undefined where nothing may, the text being whole. */
  readonly mask: Uint32Array | undefined;
  /** Text that must come next whatever is drawn; empty where there is a choice, and no half characters. */
  readonly forced: string;
}

/** A constraint that has been begun. */
export interface OpenedConstraint {
  readonly id: number;
  readonly step: ConstraintStep;
  /** What the developer should know, told once for each schema. */
  readonly warnings: readonly string[];
}

/** Constraints over one vocabulary, in this thread or another. `remaining`: how many tokens may still come. */
export interface ConstraintCalls {
  /** @throws GptletError INVALID_OPTION for a spec that is malformed, not supported or that no text satisfies */
  open(spec: ConstraintSpec, eosTokenIds: readonly number[], remaining: number): Promise<OpenedConstraint>;
  /** Takes tokens that were drawn, or forced, and says what may come then. */
  accept(id: number, tokenIds: readonly number[], remaining: number): Promise<ConstraintStep>;
  close(id: number): Promise<void>;
}

/** Makes a vocabulary ready to be constrained. */
export type ConnectConstraints = (vocabulary: VocabularyBytes) => Promise<ConstraintCalls>;
