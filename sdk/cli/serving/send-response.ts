import { once } from 'node:events';
import type { ServerResponse } from 'node:http';

/** How long a client may read nothing of an answer that waits for it, in milliseconds. The next one's turn begins behind it. */
const stallLimit = 30_000;

/**
 * Sends a response as its body comes, no faster than the client reads. When the client goes, or reads nothing for half a minute, the
 * body is cancelled and the connection closed. Resolves when the body has ended.
 *
 * @throws what the body's stream throws, which then has been sent in part
 */
export async function sendResponse(response: Response, reply: ServerResponse, gone: AbortSignal): Promise<void> {
  const reader = response.body?.getReader();
  // A read that waits ends with the cancelling.
  const cancel = (): void => void reader?.cancel(gone.reason).catch(() => {});
  if (gone.aborted) return cancel();
  gone.addEventListener('abort', cancel, { once: true });
  for (const [name, value] of response.headers) reply.setHeader(name, value);
  reply.writeHead(response.status);
  // The first token may take a while; that there is an answer is known now.
  reply.flushHeaders();
  while (reader && !gone.aborted) {
    const { done, value } = await reader.read();
    if (done) break;
    if (!reply.write(value)) await happens('drain', reply, gone);
  }
  gone.removeEventListener('abort', cancel);
  if (!gone.aborted) reply.end();
}

/** Resolves when all of an answer has left, or will not. */
export async function sent(reply: ServerResponse, gone: AbortSignal): Promise<void> {
  if (!reply.writableFinished && !gone.aborted) await happens('finish', reply, gone);
}

async function happens(event: 'drain' | 'finish', reply: ServerResponse, gone: AbortSignal): Promise<void> {
  const stalled = setTimeout(() => reply.req.socket.destroy(), stallLimit);
  // The signal ends it for a connection that closed, for whichever reason.
  await once(reply, event, { signal: gone }).catch(() => {});
  clearTimeout(stalled);
}
