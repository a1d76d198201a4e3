import { connect, type Socket } from 'node:net';

/** How a request of bytes went: what came back until the server closed the connection, or one answer was there. */
export interface RawAnswer {
  /** 0 where the connection was closed without an answer. */
  readonly status: number;
  readonly text: string;
}

/** Opens a connection, which is for whoever wants to write and read it as bytes. */
export function rawConnection(url: string): Socket {
  const { hostname, port } = new URL(url);
  return connect(Number(port), hostname);
}

/**
 * Sends bytes as they are and ends; `then` is what the client does after: closes its half, or all of it.
 *
 * @throws Error where there is neither an answer nor a closed connection after 5 seconds
 */
export function rawRequest(url: string, bytes: string | Uint8Array, then: 'end' | 'destroy' = 'end'): Promise<RawAnswer> {
  const socket = rawConnection(url);
  let text = '';
  return new Promise((resolve, reject) => {
    const tooLate = setTimeout(() => reject(new Error(`No answer to ${bytes.slice(0, 200)}`)), 5000);
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1');
    });
    // A connection that was reset is closed as well.
    socket.on('error', () => {});
    socket.on('close', () => {
      clearTimeout(tooLate);
      resolve({ status: Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1] ?? 0), text });
    });
    socket.write(bytes, () => (then === 'end' ? socket.end() : socket.destroy()));
  });
}
