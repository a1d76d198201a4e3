import type { LoadRareText } from './needs-rare-text.ts';
import type { LoadEveryKind } from './tokenizer-module.ts';
import type { ReadParts } from './tokenizer-parts.ts';

/** What few tokenizers need. */
export interface RareTokenizers {
  readonly loadEveryKind: LoadEveryKind;
  readonly readTokenizerParts: ReadParts;
  readonly loadRareText: LoadRareText;
}
