/** Tokens that might come next. */
export interface Draft {
  readonly tokenIds: readonly number[];
  /** Guesses of one kind turn out right about equally often. */
  readonly kind: number;
}

/** Guesses tokens for a {@link DraftSource}; what it guesses makes a generation faster, and no other. */
export interface Drafter {
  /** Whether a draft costs nothing worth counting. */
  readonly isFree: boolean;
  /** Is told the prompt while the model reads it. */
  start(promptIds: Uint32Array): void;
  /** At most `most` tokens after `history`, which has only grown since the last call; none where it has no guess. */
  draft(history: readonly number[], most: number): Draft | Promise<Draft>;
}

export const noDraft: Draft = { tokenIds: [], kind: 0 };
