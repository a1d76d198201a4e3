import { onTestFinished } from 'vitest';
import { type FetchHandler, RequestServer, type RequestServerOptions } from '../request-server.ts';

/** A server on a free port of this machine, which ends with its test. Without a handler it is loading. */
export async function startedServer(
  handler?: FetchHandler,
  options: Partial<RequestServerOptions> = {},
): Promise<{ server: RequestServer; url: string }> {
  const server = new RequestServer({
    ...{ host: '127.0.0.1', port: 0, hostNames: [], keys: [], origins: [], maxBodyBytes: 2 ** 20, maxQueue: 1000 },
    ...options,
  });
  const url = await server.listen();
  if (handler) server.open(handler);
  onTestFinished(() => server.drain());
  return { server, url };
}
