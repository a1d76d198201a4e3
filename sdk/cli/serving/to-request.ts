import type { IncomingMessage } from 'node:http';

/**
 * A request of Node's server as the web's `Request`, whose signal fires when the client goes; undefined where none can be made of it,
 * as of one for a port beyond 65535.
 *
 * @param message with a Host header that was checked and a path for a URL
 */
export function toRequest(
  message: IncomingMessage,
  body: Uint8Array<ArrayBuffer> | undefined,
  signal: AbortSignal,
): Request | undefined {
  const { method, url, rawHeaders } = message;
  try {
    const headers = new Headers();
    for (let i = 0; i < rawHeaders.length; i += 2) headers.append(rawHeaders[i], rawHeaders[i + 1]);
    return new Request(`http://${message.headers.host}${url}`, { method, headers, body, signal });
  } catch {
    return undefined;
  }
}
