import type { TokenTables } from './token-tables.ts';
import type { TokenizerKind } from './tokenizer.ts';

/** A token that is found in the text before it is split. */
export interface AddedToken {
  content: string;
  id: number;
  /** Special tokens count only where the caller allows them; other added tokens always. */
  special: boolean;
  /** Whether the token takes the white space before or after it along. */
  lstrip?: boolean;
  rstrip?: boolean;
  /** Whether it is none within a word. */
  singleWord?: boolean;
  /** Whether it is normalised too, and found in the normalised text. */
  normalized?: boolean;
}

/** A regular expression of the platform's, as it travels. */
export interface Pattern {
  source: string;
  flags: string;
}

/** One way in which a text is cut where a pattern matches: into what matches and what lies between, or one of them alone. */
export interface Split extends Pattern {
  keep: 'all' | 'matches' | 'gaps';
}

/** A pattern with what takes its matches' place. */
export interface Replacement extends Pattern {
  content: string;
  /** Whether it puts something before every text; one that goes on from another goes without. */
  isPrefix?: boolean;
  /** Whether it makes marks of blanks, which become blanks again: only what is looked for in between can tell. */
  marksBlanks?: boolean;
}

/** A form of Unicode's, small letters, or a replacement. */
export type NormalizationStep = 'NFC' | 'NFD' | 'NFKC' | 'NFKD' | 'lower' | Replacement;

/** What is put around a text, and between the two of a pair. */
export interface Template<Token> {
  before: readonly Token[];
  between: readonly Token[];
  after: readonly Token[];
}

/** What a tokenizer's parts other than its vocabulary and its merges say. */
export interface TokenizerPlan {
  kind: TokenizerKind;
  /** Before every piece of text between added tokens that does not begin with a space, or before the `first` of a text alone. */
  addPrefixSpace: boolean | 'first';
  normalization: readonly NormalizationStep[];
  /** One after the other, each on the pieces of the one before; none where the kind has a scanner. */
  splits: readonly Split[];
  template: Template<string>;
  /** Of vocabularies of texts: how they are spelled and used, as flags (parts/spelling.ts). */
  spelling?: number;
  /** Whether decoding takes away a space at the beginning. */
  stripsStart?: boolean;
}

/** What the tables do not hold; it travels with a snapshot as JSON. */
export interface TokenizerSettings extends Omit<TokenizerPlan, 'template' | 'spelling'> {
  template: Template<number>;
  added: AddedToken[];
}

/** What the files say, before the tables are made. Ids of added tokens may be unknown yet. */
export interface TokenizerDefinition extends TokenizerPlan {
  tables: TokenTables;
  ignoreMerges: boolean;
  unknown: string | undefined;
  added: (Omit<AddedToken, 'id'> & { id: number | undefined })[];
}
