import { GptletError } from '../errors/gptlet-error.ts';
import type { Machine, State } from './machine/machine.ts';
import type { TokenMasks } from './machine/token-masks.ts';

/** What the forks of one constraint share. */
export interface ConstraintParts {
  readonly machine: Machine;
  readonly masks: TokenMasks;
  readonly tokenBytes: readonly string[];
  readonly eosTokenIds: readonly number[];
}

/** Follows one generated text through what is allowed, and says which tokens may come next. */
export class Constraint {
  readonly #parts: ConstraintParts;
  #state: State;
  #ended = false;

  /** @internal Use `createConstraint`. */
  constructor(parts: ConstraintParts, state: State) {
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
    const { masks, eosTokenIds } = this.#parts;
    let { mask, farthest } = masks.allowed(this.#state);
    // A byte costs a token at most.
    if (farthest > remaining - 1) {
      const hurried = masks.allowedWithin(this.#state, remaining - 1);
      if (this.canEnd() || hurried.some((word) => word !== 0)) mask = hurried;
    }
    if (!this.canEnd()) {
      if (mask.some((word) => word !== 0)) return mask;
      throw new GptletError(
        'INVALID_OPTION',
        "The constraint asks for characters that none of the tokenizer's tokens can write.",
      );
    }
    const withEnd = mask.slice();
    for (const id of eosTokenIds) withEnd[id >> 5] |= 1 << (id & 31);
    return withEnd;
  }

  /**
   * Takes the token that was drawn.
   *
   * @throws GptletError INVALID_OPTION for a token that the mask did not allow.
   */
  accept(tokenId: number): void {
    const { machine, tokenBytes, eosTokenIds } = this.#parts;
    if (eosTokenIds.includes(tokenId) && this.canEnd()) {
      this.#ended = true;
      return;
    }
    const bytes = tokenBytes[tokenId] ?? '';
    const state = this.#ended || bytes === '' ? undefined : machine.afterBytes(this.#state, bytes);
    if (!state) {
      throw new GptletError(
        'INVALID_OPTION',
        `Token ${tokenId} does not fit the constraint here; allowed are those in mask().`,
      );
    }
    this.#state = state;
  }

  /** The bytes that must come next, as far as nothing else can; char codes are bytes. */
  forcedBytes(): string {
    const { machine } = this.#parts;
    let bytes = '';
    for (let state: State | undefined = this.#state; state && !state.canEnd && bytes.length < MAX_FORCED; ) {
      const byte = machine.onlyByte(state);
      if (byte === undefined) break;
      bytes += String.fromCharCode(byte);
      state = machine.after(state, byte);
    }
    return bytes;
  }

  /** Whether the text so far is whole: end-of-text is allowed, though more may follow. */
  canEnd(): boolean {
    return this.#ended || this.#state.canEnd;
  }

  /** Whether generation is over: end-of-text was taken, or the text is whole and nothing can follow. */
  isComplete(): boolean {
    return this.#ended || (this.canEnd() && !this.#parts.machine.goesOn(this.#state));
  }

  /** A second follower from here on, for several sequences; what was found out is shared. */
  fork(): Constraint {
    const copy = new Constraint(this.#parts, this.#state);
    copy.#ended = this.#ended;
    return copy;
  }
}

/** Longer runs than a context takes are not put together. */
const MAX_FORCED = 4096;
