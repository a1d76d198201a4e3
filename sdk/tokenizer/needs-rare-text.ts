import type { RareText } from './rare-text.ts';
import type { TokenizerSettings } from './tokenizer-definition.ts';

/** Gives the code for what few tokenizers do to a text. */
export type LoadRareText = () => Promise<typeof RareText>;

/** Whether a tokenizer does more to a text than the module does, which splits and merges. */
export function needsRareText({ kind, addPrefixSpace, normalization, template }: TokenizerSettings): boolean {
  const isRare = kind === 'gpt1' || kind === 'regex' || kind === 'sentencepiece' || addPrefixSpace !== false;
  return isRare || normalization.length + template.before.length + template.after.length > 0;
}
