import type { FileSource } from './file-source.ts';
import { checkHttpFile, openHttpFile } from './http-file.ts';
import { type HttpAccess, Refusal } from './http-request.ts';

/** What servers of single-page apps do for every path that they do not know. */
export const htmlPage = 'the server sent an HTML page in its place';

/** The files under an address, on any server. */
export function httpDirectory(base: URL, access: HttpAccess): FileSource {
  const root = new URL(base);
  if (!root.pathname.endsWith('/')) root.pathname += '/';
  /** What came in place of files. */
  const answers = new Map<string, string>();
  const address = (name: string): URL => {
    const url = new URL(root);
    // The query stays: some servers sign their addresses there.
    url.pathname += name.split('/').map(encodeURIComponent).join('/');
    return url;
  };
  const noting = async <T>(name: string, asked: Promise<T>): Promise<T> => {
    try {
      return await asked;
    } catch (error) {
      if (error instanceof Refusal) answers.set(name, `HTTP status ${error.status}`);
      throw error;
    }
  };
  return {
    answer: (name) => answers.get(name),
    locate: (name) => address(name).href + (answers.has(name) ? ` (${answers.get(name)})` : ''),
    remote: {
      root: root.href,
      immutable: /\/resolve\/[0-9a-f]{40}\/$/.test(root.pathname),
      address: (name) => address(name).href,
      check: (name, signal) => noting(name, checkHttpFile(address(name), access, signal)),
    },
    async open(name, signal) {
      const file = await noting(name, openHttpFile(address(name), access, signal));
      if (file !== 'html') return file;
      answers.set(name, htmlPage);
      return undefined;
    },
  };
}
