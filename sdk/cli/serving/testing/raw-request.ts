import { connect, type Socket } from 'node:net';

/** What came back for a request of bytes. */
export interface RawAnswer {
  /** 0 where the connection was closed without an answer. */
  readonly status: number;
  readonly text: string;
}

/** What a client does when it has sent its bytes: waits for an answer, says that there will be no more of them, or goes. */
export type Afterwards = 'wait' | 'end' | 'destroy';

/** A connection for whoever wants to write and read bytes. */
export function rawConnection(url: string): Socket {
  const { hostname, port } = new URL(url);
  return connect(Number(port), hostname);
}

/**
 * Sends bytes as they are; resolves when the connection is closed, by the server or after a whole answer.
 *
 * @throws Error where there is neither after half a minute
 */
export function rawRequest(
  url: string,
  bytes: string | Uint8Array,
  afterwards: Afterwards = 'wait',
): Promise<RawAnswer> {
  const socket = rawConnection(url);
  let text = '';
  return new Promise((resolve, reject) => {
    const tooLate = setTimeout(() => reject(new Error(`No answer to ${String(bytes).slice(0, 300)}`)), 30_000);
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1');
      // The end of chunks, which answers to requests that were understood are sent in.
      if (/\r\n0\r\n\r\n$/.test(text)) socket.end();
    });
    // A connection that was reset is closed as well.
    socket.on('error', () => {});
    socket.on('close', () => {
      clearTimeout(tooLate);
      resolve({ status: Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1] ?? 0), text });
    });
    socket.write(bytes, () => {
      if (afterwards === 'end') socket.end();
      else if (afterwards === 'destroy') socket.destroy();
    });
  });
}
