/** A range of code points, both ends included. */
export type CodePointRange = readonly [first: number, last: number];

/** A regular language over code points: what regular expressions and JSON schemas are compiled to. */
export type Pattern =
  /** One character of a set. */
  | { readonly kind: 'characters'; readonly ranges: readonly CodePointRange[] }
  | { readonly kind: 'sequence'; readonly parts: readonly Pattern[] }
  /** Any one of the options; none at all is the empty language. */
  | { readonly kind: 'choice'; readonly options: readonly Pattern[] }
  /** `body` at least `min` and at most `max` times, `separator` between. */
  | {
      readonly kind: 'repeat';
      readonly body: Pattern;
      readonly min: number;
      readonly max: number;
      readonly separator?: Pattern;
    }
  /** Members in this order, those not required may be left out, `separator` between those that come. */
  | { readonly kind: 'members'; readonly members: readonly Member[]; readonly separator: Pattern }
  /** Text that is in both languages. */
  | { readonly kind: 'both'; readonly left: Pattern; readonly right: Pattern }
  /** The characters of `body` as they are written inside a JSON string. */
  | { readonly kind: 'escaped'; readonly body: Pattern };

/** One member of an object. */
export interface Member {
  readonly pattern: Pattern;
  readonly required: boolean;
}

/** Matches the empty text only. */
export function empty(): Pattern {
  return { kind: 'sequence', parts: [] };
}

/** Matches nothing at all. */
export function nothing(): Pattern {
  return { kind: 'choice', options: [] };
}

/** Exactly this text. */
export function literal(text: string): Pattern {
  return sequence(...Array.from(text, (character) => characters(only(character))));
}

/** The range that holds one character. */
export function only(character: string): CodePointRange {
  const code = character.codePointAt(0) as number;
  return [code, code];
}

export function characters(...ranges: CodePointRange[]): Pattern {
  return { kind: 'characters', ranges };
}

export function sequence(...parts: Pattern[]): Pattern {
  return { kind: 'sequence', parts };
}

export function choice(...options: Pattern[]): Pattern {
  return { kind: 'choice', options };
}

export function repeat(body: Pattern, min: number, max: number, separator?: Pattern): Pattern {
  return { kind: 'repeat', body, min, max, separator };
}

export function optional(body: Pattern): Pattern {
  return repeat(body, 0, 1);
}

/** Any code point but the surrogates, which no text in UTF-8 holds. */
export function anyCharacter(): Pattern {
  return characters([0, 0xd7ff], [0xe000, 0x10ffff]);
}

/** 0 … 9. */
export function digit(): Pattern {
  return characters([0x30, 0x39]);
}
