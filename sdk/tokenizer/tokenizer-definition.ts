import type { Vocabulary } from './scan-vocabulary.ts';
import type { TokenizerKind } from './tokenizer.ts';

/** A token that is found in the text before it is split. */
export interface AddedToken {
  content: string;
  id: number;
  /** Special tokens count only where the caller allows them; other added tokens always. */
  special: boolean;
  /** Whether the token takes the white space before or after it along. */
  lstrip: boolean;
  rstrip: boolean;
}

/** What the tables do not hold; it travels with a snapshot as JSON. */
export interface TokenizerSettings {
  kind: TokenizerKind;
  addPrefixSpace: boolean;
  normalization: string[];
  added: AddedToken[];
}

/** What the files say, before the tables are made. Ids of added tokens may be unknown yet. */
export interface TokenizerDefinition extends Omit<TokenizerSettings, 'added'> {
  vocabulary: Vocabulary;
  /** As in merges.txt. */
  merges: string;
  ignoreMerges: boolean;
  unknown: string | undefined;
  added: (Omit<AddedToken, 'id'> & { id: number | undefined })[];
}
