import type { FileSource } from './file-source.ts';
import { checkHttpFile, openHttpFile } from './http-file.ts';
import type { HttpAccess } from './http-request.ts';

/** The files under an address, on any server. */
export function httpDirectory(base: URL, access: HttpAccess): FileSource {
  const root = new URL(base);
  if (!root.pathname.endsWith('/')) root.pathname += '/';
  const pages = new Set<string>();
  const address = (name: string): URL => {
    const url = new URL(root);
    // The query stays: some servers sign their addresses there.
    url.pathname += name.split('/').map(encodeURIComponent).join('/');
    return url;
  };
  return {
    locate: (name) =>
      address(name).href +
      (pages.has(name)
        ? ' (the server sent an HTML page in its place, as it may do for every path that it does not know)'
        : ''),
    remote: {
      root: root.href,
      immutable: /\/resolve\/[0-9a-f]{40}\/$/.test(root.pathname),
      address: (name) => address(name).href,
      check: (name, signal) => checkHttpFile(address(name), access, signal),
    },
    async open(name, signal) {
      const file = await openHttpFile(address(name), access, signal);
      if (file !== 'html') return file;
      pages.add(name);
      return undefined;
    },
  };
}
