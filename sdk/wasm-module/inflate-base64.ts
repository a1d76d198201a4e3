import { decodeBase64 } from './decode-base64.ts';

/**
 * A module as the build packs it: raw deflate, then base64. Packed this way a bundle is a quarter smaller when it
 * travels: base64 of the plain bytes hides from gzip what repeats in them.
 */
export async function inflateBase64(text: string): Promise<Uint8Array<ArrayBuffer>> {
  const inflated = new Blob([decodeBase64(text)]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
  return new Uint8Array(await new Response(inflated).arrayBuffer());
}
