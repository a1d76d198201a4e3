import type { StreamDecoder } from './tokenizer.ts';

/** GPT-1's text with a space behind every word, which its tokens spell as an end mark. */
export function spaced(text: string): string {
  return text.replaceAll('</w>', ' ');
}

/**
 * A decoder over a function from id to bytes. With `words`, end marks are spaces, and white space at the
 * start is dropped and at the end held back, as GPT-1's decoding strips it. With `stripsStart`, one space is dropped there.
 */
export function createStreamDecoder(
  bytesOf: (tokenId: number) => Uint8Array,
  words: boolean,
  stripsStart: boolean | undefined,
): StreamDecoder {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  let held = '';
  let begun = false;
  const release = (text: string): string => {
    if (!words) {
      const start = stripsStart && !begun && text.startsWith(' ') ? 1 : 0;
      begun ||= text !== '';
      return text.slice(start);
    }
    const waiting = begun ? held + spaced(text) : spaced(text).trimStart();
    const ready = waiting.trimEnd();
    begun ||= ready !== '';
    held = waiting.slice(ready.length);
    return ready;
  };
  return {
    push: (tokenId) => release(decoder.decode(bytesOf(tokenId), { stream: true })),
    flush() {
      const rest = release(decoder.decode());
      held = '';
      begun = false;
      return rest;
    },
  };
}
