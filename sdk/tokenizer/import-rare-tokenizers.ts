import { importEveryKind } from './import-every-kind.ts';
import { importPartsReader } from './import-parts-reader.ts';
import { importRareText } from './import-rare-text.ts';
import type { RareTokenizers } from './rare-tokenizers.ts';

/** What few tokenizers need, imported where modules can be. */
export const rareTokenizers: RareTokenizers = {
  loadEveryKind: importEveryKind,
  readTokenizerParts: importPartsReader,
  loadRareText: importRareText,
};
