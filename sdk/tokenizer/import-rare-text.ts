import type { RareText } from './rare-text.ts';

/** The code for what few tokenizers do to a text, loaded for the first that needs it. */
export async function importRareText(): Promise<typeof RareText> {
  return (await import('./rare-text.ts')).RareText;
}
