import { importNode } from '../../platform/node-module.ts';
import type { StateFiles } from './state-files.ts';

/** The two files of a job in a folder of its own below `directory`, in Node. */
export async function nodeStates(key: string, directory = '.gptlet/training'): Promise<StateFiles> {
  const { mkdir, open, rm, rmdir, stat } = await importNode('node:fs/promises');
  const { join } = await importNode('node:path');
  const own = join(directory, key);
  await mkdir(own, { recursive: true });
  const nameOf = (slot: 0 | 1): string => join(own, `${slot}.state`);
  return {
    async open(slot) {
      const size = await stat(nameOf(slot)).then(
        (found) => found.size,
        () => undefined,
      );
      if (size === undefined) return undefined;
      const handle = await open(nameOf(slot), 'r');
      return {
        size,
        async read(offset, length) {
          const bytes = new Uint8Array(length);
          await handle.read(bytes, 0, length, offset);
          return bytes;
        },
        close: () => handle.close(),
      };
    },
    async create(slot) {
      const handle = await open(nameOf(slot), 'w', 0o600);
      return {
        write: async (bytes) => {
          await handle.writeFile(bytes);
        },
        async close() {
          await handle.sync();
          await handle.close();
        },
      };
    },
    async remove() {
      await rm(own, { recursive: true, force: true });
      // Also the folders around it, where they are empty and nobody gave them.
      if (directory === '.gptlet/training')
        await rmdir(directory)
          .then(() => rmdir('.gptlet'))
          .catch(() => {});
    },
  };
}
