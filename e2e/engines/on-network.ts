import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { networkInterfaces } from 'node:os';

/**
 * Hands on what is served on localhost at this machine's address on the network, which browsers do not call secure.
 *
 * @returns undefined where the machine has no such address
 */
export async function onNetwork(url: string): Promise<{ url: string; close(): void } | undefined> {
  const own = Object.values(networkInterfaces())
    .flat()
    .find((address) => address?.family === 'IPv4' && !address.internal);
  if (!own) return undefined;
  const { hostname, port } = new URL(url);
  const server = createServer((socket) => {
    const onward = connect(Number(port), hostname);
    for (const end of [socket, onward]) end.on('error', () => [socket, onward].map((each) => each.destroy()));
    socket.pipe(onward).pipe(socket);
  }).listen(0, own.address);
  await once(server, 'listening');
  return { url: `http://${own.address}:${(server.address() as AddressInfo).port}`, close: () => void server.close() };
}
