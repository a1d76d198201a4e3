/** A set of byte strings as a regular expression with intersection and complement. Equal ones are one object (interned). */
export type Expression = Shape & {
  /** Small, dense, never reused within its `Expressions`. */
  readonly id: number;
  /** Whether the empty string is in it. */
  readonly nullable: boolean;
  /** No string in it has fewer bytes; Infinity for the empty set, as far as that can be seen without a search. */
  readonly least: number;
  /** Whether a string of `least` bytes exists for certain. */
  readonly exact: boolean;
  /** Whether a repetition in it ends somewhere, of those that no intersection and no complement hides. */
  readonly limited: boolean;
};

export type Shape =
  /** The empty set. */
  | { readonly kind: 'nothing' }
  /** The empty string alone. */
  | { readonly kind: 'empty' }
  /** One byte: pairs of first and last, ascending, with gaps between. */
  | { readonly kind: 'bytes'; readonly ranges: readonly number[] }
  /** `head` is no sequence itself. */
  | { readonly kind: 'sequence'; readonly head: Expression; readonly tail: Expression }
  | { readonly kind: 'choice'; readonly parts: readonly Expression[] }
  | { readonly kind: 'both'; readonly parts: readonly Expression[] }
  | { readonly kind: 'not'; readonly body: Expression }
  | { readonly kind: 'repeat'; readonly body: Expression; readonly min: number; readonly max: number }
  | ({ readonly kind: 'multiple' } & Multiple);

/**
 * The rest of a decimal number (digits, a point, digits; no sign, no exponent) that is to be a multiple of `step` / 10^`scale`.
 */
export interface Multiple {
  readonly step: number;
  readonly scale: number;
  /** What was read so far, as a whole number, modulo `step`. */
  readonly remainder: number;
  /** How many digits after the point still count; -1 before the point. */
  readonly places: number;
}

/** What is left after each byte: `targets[i]` for the bytes from `starts[i]` up to the next start. `starts[0]` is 0. */
export interface Row {
  readonly starts: readonly number[];
  readonly targets: readonly Expression[];
}
