import { importNode } from '../platform/node-module.ts';
import type { WeightCache } from './weight-cache.ts';

/** A cache in a folder, in Node. */
export async function nodeCache(directory?: string): Promise<WeightCache> {
  const { mkdir, open, readdir, readFile, rename, rm } = await importNode('node:fs/promises');
  const { join } = await importNode('node:path');
  const { homedir } = await importNode('node:os');
  // Not the global `process`: for that Parcel would install a package.
  const { env, pid } = await importNode('node:process');
  const root = directory ?? join(env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'gptlet');
  let writes = 0;
  return {
    async read(name) {
      try {
        return await readFile(join(root, name));
      } catch (error) {
        if ((error as { code?: string }).code === 'ENOENT') return undefined;
        throw error;
      }
    },
    async write(name, bytes) {
      await mkdir(root, { recursive: true });
      // Renamed once it is whole: a process that dies leaves no half piece under the real name.
      const partial = join(root, `${name}.${pid}-${writes++}.part`);
      try {
        const handle = await open(partial, 'w', 0o600);
        try {
          await handle.writeFile(bytes);
        } finally {
          await handle.close();
        }
        await rename(partial, join(root, name));
      } catch (error) {
        await rm(partial, { force: true });
        throw error;
      }
    },
    remove: (name) => rm(join(root, name), { force: true }),
    async names() {
      return readdir(root).catch(() => []);
    },
  };
}
