import type { IncomingMessage } from 'node:http';

/**
 * The whole body of a request, or undefined where it has more than `maxBytes`: the rest then flows by unread, so that the client
 * comes to hear why. Rejects with the signal's reason when the client goes.
 */
export function readBody(
  message: IncomingMessage,
  maxBytes: number,
  gone: AbortSignal,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  if (Number(message.headers['content-length'] ?? 0) > maxBytes) return Promise.resolve(undefined);
  const chunks: Buffer[] = [];
  let size = 0;
  return new Promise((resolve, reject) => {
    if (gone.aborted) reject(gone.reason);
    gone.addEventListener('abort', () => reject(gone.reason), { once: true });
    message.on('error', reject);
    message.on('end', () => resolve(Buffer.concat(chunks)));
    message.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= maxBytes) chunks.push(chunk);
      else {
        chunks.length = 0;
        resolve(undefined);
      }
    });
  });
}
