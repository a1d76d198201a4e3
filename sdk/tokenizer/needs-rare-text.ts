import type { RareText } from './rare-text.ts';
import type { TokenizerSettings } from './tokenizer-definition.ts';

/** Gives the code for what few tokenizers do to a text. */
export type LoadRareText = () => Promise<typeof RareText>;

/** Whether a tokenizer does more to a text than the module does, which splits and merges. */
export function needsRareText({ kind, addPrefixSpace, normalization, template }: TokenizerSettings): boolean {
  const around = [...template.before, ...template.after];
  const isRare = ['gpt1', 'regex', 'sentencepiece'].includes(kind);
  return isRare || !!addPrefixSpace || normalization.length > 0 || around.length > 0;
}
