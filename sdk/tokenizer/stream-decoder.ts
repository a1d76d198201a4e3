import type { StreamDecoder } from './tokenizer.ts';

/**
 * A decoder over a function from id to bytes. With `trim`, white space at the start is dropped and held back
 * at the end, as GPT-1's decoding strips it.
 */
export function createStreamDecoder(bytesOf: (tokenId: number) => Uint8Array, trim: boolean): StreamDecoder {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  let held = '';
  let begun = false;
  const release = (text: string): string => {
    if (!trim) return text;
    const waiting = begun ? held + text : text.trimStart();
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
