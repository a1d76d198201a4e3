import { GptletError } from '../errors/gptlet-error.ts';
import type { LazyDfa } from './lazy-dfa.ts';
import type { AllowedTokens, TokenWalker } from './token-walker.ts';

/** Masks kept at once, 6 kB each with GPT-2's vocabulary. */
const MAX_CACHED_MASKS = 512;

/** What the forks of one constraint share. */
export interface ConstraintParts {
  readonly dfa: LazyDfa;
  readonly walker: TokenWalker;
  readonly tokenBytes: readonly string[];
  readonly eosTokenIds: readonly number[];
  readonly masks: Map<number, AllowedTokens>;
}

/** Follows one generated text through the automaton of what is allowed, and says which tokens may come next. */
export class Constraint {
  readonly #parts: ConstraintParts;
  #state: number;
  #ended = false;

  /** @internal Use `createConstraint`. */
  constructor(parts: ConstraintParts, state: number = parts.dfa.start) {
    this.#parts = parts;
    this.#state = state;
  }

  /**
   * One bit per token id that may come next, end-of-text among them where the text may end: for
   * `sampler.setMask`. It is shared: do not change it.
   *
   * @param remaining how many tokens may still be generated, this one included. When they get few, only tokens are
   * allowed from which the text can be finished in time, so that the output is whole; where that is impossible
   * from the start the limit is ignored.
   * @throws GptletError INVALID_OPTION where the vocabulary has no token to go on with, which cannot be with a
   * vocabulary that has all 256 bytes.
   */
  mask(remaining: number = Infinity): Uint32Array {
    const { mask, farthest } = this.#allowed();
    // A byte costs a token at most.
    if (farthest <= remaining - 1) return mask;
    const hurried = this.#walk(remaining - 1).mask;
    return hurried.some((word) => word !== 0) ? hurried : mask;
  }

  /**
   * Takes the token that was drawn.
   *
   * @throws GptletError INVALID_OPTION for a token that the mask did not allow.
   */
  accept(tokenId: number): void {
    const { dfa, tokenBytes, eosTokenIds } = this.#parts;
    if (eosTokenIds.includes(tokenId) && this.canEnd()) {
      this.#ended = true;
      return;
    }
    let state = this.#ended ? -1 : this.#state;
    const bytes = tokenBytes[tokenId] ?? '';
    for (let i = 0; i < bytes.length && state >= 0; i++) state = dfa.row(state)[bytes.charCodeAt(i)];
    if (bytes === '' || state < 0) {
      throw new GptletError(
        'INVALID_OPTION',
        `Token ${tokenId} does not fit the constraint here; allowed are those in mask().`,
      );
    }
    this.#state = state;
  }

  /** Whether the text so far is whole: end-of-text is allowed, though more may follow. */
  canEnd(): boolean {
    return this.#ended || this.#parts.dfa.distance(this.#state) === 0;
  }

  /** Whether generation is over: end-of-text was taken, or the text is whole and nothing can follow. */
  isComplete(): boolean {
    return this.#ended || (this.canEnd() && !this.#parts.dfa.goesOn(this.#state));
  }

  /** A second follower from here on, for beams and several sequences; automaton and masks are shared. */
  fork(): Constraint {
    const copy = new Constraint(this.#parts, this.#state);
    copy.#ended = this.#ended;
    return copy;
  }

  /** Back to the empty text. */
  reset(): void {
    this.#state = this.#parts.dfa.start;
    this.#ended = false;
  }

  #allowed(): AllowedTokens {
    const { masks } = this.#parts;
    let allowed = masks.get(this.#state);
    if (!allowed) {
      allowed = this.#walk();
      if (!allowed.mask.some((word) => word !== 0) && !this.canEnd()) {
        throw new GptletError(
          'INVALID_OPTION',
          "The constraint asks for characters that none of the tokenizer's tokens can write.",
        );
      }
      if (masks.size >= MAX_CACHED_MASKS) masks.clear();
      masks.set(this.#state, allowed);
    }
    return allowed;
  }

  #walk(within?: number): AllowedTokens {
    const { walker, eosTokenIds } = this.#parts;
    const allowed = walker.allowed(this.#state, within);
    if (this.canEnd()) for (const id of eosTokenIds) allowed.mask[id >> 5] |= 1 << (id & 31);
    return allowed;
  }
}
