import type { ConstraintSpec } from '../constraint/compile-constraint.ts';
import type { ConstraintCalls, ConstraintStep } from '../constraint/constraint-calls.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';

/** Follows one constrained text: what may come next, and what must. */
export class ConstraintFollower {
  readonly #calls: ConstraintCalls;
  readonly #id: number;
  readonly #tokenizer: Tokenizer;
  #step: ConstraintStep;
  /** What the developer should know of the constraint. */
  readonly warnings: readonly string[];

  private constructor(
    calls: ConstraintCalls,
    id: number,
    step: ConstraintStep,
    tokenizer: Tokenizer,
    warnings: readonly string[],
  ) {
    this.#calls = calls;
    this.#id = id;
    this.#step = step;
    this.#tokenizer = tokenizer;
    this.warnings = warnings;
  }

  /** @param remaining how many tokens may come */
  static async open(
    calls: ConstraintCalls,
    spec: ConstraintSpec,
    tokenizer: Tokenizer,
    eosTokenIds: readonly number[],
    remaining: number,
  ): Promise<ConstraintFollower> {
    const { id, step, warnings } = await calls.open(spec, eosTokenIds, remaining);
    return new ConstraintFollower(calls, id, step, tokenizer, warnings);
  }

  /** One bit per token id that may come next. */
  get mask(): Uint32Array | undefined {
    return this.#step.mask;
  }

  /** Whether the text is whole and nothing can follow. */
  get isComplete(): boolean {
    return this.#step.mask === undefined;
  }

  /**
   * Tokens that must come next, as the tokenizer writes them. The last one is left to be drawn: it might be a longer one
   * that goes on into what is not forced.
   */
  forcedTokens(): readonly number[] {
    const { forced } = this.#step;
    if (forced.length < 2) return [];
    return [...this.#tokenizer.encode(forced, { addSpecial: false, continues: true }).subarray(0, -1)];
  }

  /** Takes tokens that were drawn or forced; `remaining` may come after them. */
  async accept(tokenIds: readonly number[], remaining: number): Promise<void> {
    this.#step = await this.#calls.accept(this.#id, tokenIds, remaining);
  }

  close(): void {
    void this.#calls.close(this.#id);
  }
}
