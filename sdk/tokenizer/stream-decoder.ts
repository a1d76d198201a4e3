import type { StreamDecoder } from './tokenizer.ts';

/** Gives of decoded text what can be shown; what it holds back comes with the next, or once the text is at its end. */
export type Release = (text: string, isEnd: boolean) => string;

/** A decoder over a function from id to bytes. */
export function createStreamDecoder(bytesOf: (tokenId: number) => Uint8Array, release: Release): StreamDecoder {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  return {
    push: (tokenId) => release(decoder.decode(bytesOf(tokenId), { stream: true }), false),
    flush: () => release(decoder.decode(), true),
  };
}
