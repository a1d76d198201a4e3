import type { Release } from './stream-decoder.ts';
import type { TokenizerSettings } from './tokenizer-definition.ts';

/** GPT-1's text with a space behind every word, which its tokens spell as an end mark. */
const spaced = (text: string): string => text.replaceAll('</w>', ' ');

/**
 * What becomes of a decoded text that comes in pieces. GPT-1's has no white space around it: what may be the last is held
 * back. Others lose the space that encoding puts before a text.
 */
export function decodedPieces({ kind, stripsStart }: Pick<TokenizerSettings, 'kind' | 'stripsStart'>): Release {
  let held = '';
  let begun = false;
  return (text, isEnd) => {
    let ready = text;
    if (kind === 'gpt1') {
      const waiting = begun ? held + spaced(text) : spaced(text).trimStart();
      ready = waiting.trimEnd();
      held = waiting.slice(ready.length);
      begun ||= ready !== '';
    } else {
      if (stripsStart && !begun) ready = text.replace(/^ /, '');
      begun ||= text !== '';
    }
    if (isEnd) {
      held = '';
      begun = false;
    }
    return ready;
  };
}
