// Serves the repository (or any folder) over HTTP for the demos and the browser tests.
// Usage: node scripts/serve.mjs [port]
import { createServer } from 'node:http';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import sirv from 'sirv';

/** A page served with these is cross-origin isolated: the WASM backend may then use threads. */
const isolation = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'cross-origin',
};

/**
 * Serves `folder` on localhost, on `port` or the next free one (0: any).
 * @param {{ port?: number, isolated?: boolean, headers?: Record<string, string>, onRequest?: (path: string) => void }} options
 *   `onRequest` hears of every path that is asked for
 * @returns {Promise<{ url: string, close: () => Promise<void> }>}
 */
export async function serve(folder, { port = 0, isolated = true, headers = {}, onRequest = (_path) => {} } = {}) {
  const files = sirv(folder, {
    dev: true,
    setHeaders(response) {
      const all = { ...(isolated ? isolation : {}), 'Cache-Control': 'no-cache', ...headers };
      for (const [name, value] of Object.entries(all)) response.setHeader(name, value);
    },
  });
  const server = createServer((request, response) => {
    onRequest(request.url);
    const notFound = () => response.writeHead(404, { ...headers, 'Content-Type': 'text/plain' }).end('Not found\n');
    // Whatever looks at the disk on every request does not leave out .git and its like by itself.
    if (/\/\./.test(request.url.replaceAll(/%2e/gi, '.'))) notFound();
    else files(request, response, notFound);
  });
  const taken = await listen(server, port);
  return {
    url: `http://localhost:${taken}`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Listens on the first free port from `port` on. */
async function listen(server, port) {
  for (let candidate = port; ; candidate++) {
    try {
      await new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(candidate, 'localhost', () => {
          server.off('error', reject);
          resolve();
        });
      });
      return server.address().port;
    } catch (error) {
      if (error.code !== 'EADDRINUSE' || candidate === 0 || candidate > port + 100) throw error;
    }
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const root = join(dirname(fileURLToPath(import.meta.url)), '..');
  const { url } = await serve(root, { port: Number(process.argv[2] ?? 8080) });
  console.log(`${url}/demos/`);
}
