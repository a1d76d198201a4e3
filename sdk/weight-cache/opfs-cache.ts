import type { WeightCache } from './weight-cache.ts';

/** In workers; TypeScript's DOM library does not have it. */
interface SyncAccessHandle {
  write(bytes: Uint8Array, options: { at: number }): number;
  truncate(size: number): void;
  flush(): void;
  close(): void;
}

type FileHandle = FileSystemFileHandle & { createSyncAccessHandle?: () => Promise<SyncAccessHandle> };

/** A cache in the origin-private file system. @returns undefined where the browser has none or refuses it. */
export async function opfsCache(): Promise<WeightCache | undefined> {
  const storage = (globalThis.navigator as Navigator | undefined)?.storage as StorageManager | undefined;
  if (!storage?.getDirectory) return undefined;
  let root: FileSystemDirectoryHandle;
  try {
    root = await (await storage.getDirectory()).getDirectoryHandle('gptlet', { create: true });
    await tryWriting(root);
  } catch {
    return undefined;
  }
  return {
    async read(name) {
      const handle = await root.getFileHandle(name).catch(missing);
      return handle && new Uint8Array(await (await handle.getFile()).arrayBuffer());
    },
    async write(name, bytes) {
      const handle = await root.getFileHandle(name, { create: true });
      const atomic = name.endsWith('.json');
      try {
        await whenFree(() => writeFile(handle, bytes, atomic));
      } catch (error) {
        // The manifest that was there before is whole, and without it nobody would know of its chunks.
        if (!atomic) await root.removeEntry(name).catch(() => {});
        throw error;
      }
    },
    async remove(name) {
      await whenFree(() => root.removeEntry(name)).catch(missing);
    },
    async names() {
      const names: string[] = [];
      for await (const name of (root as unknown as { keys(): AsyncIterable<string> }).keys()) names.push(name);
      return names;
    },
  };
}

/** Some browsers offer the directory in private windows and refuse to write. Full is no refusal: what is kept can be read, and removed. */
async function tryWriting(root: FileSystemDirectoryHandle): Promise<void> {
  // A name of its own: another tab may be trying the same at this moment.
  const name = `probe-${crypto.randomUUID()}`;
  try {
    await writeFile(await root.getFileHandle(name, { create: true }), new Uint8Array(1), false);
  } catch (error) {
    if ((error as DOMException).name !== 'QuotaExceededError') throw error;
  }
  await root.removeEntry(name).catch(missing);
}

/**
 * By a synchronous handle where there is one (workers; the only way in older Safaris), else by a stream.
 * Only the stream replaces a file at once: `atomic` asks for it, since half a manifest forgets a download.
 */
async function writeFile(handle: FileHandle, bytes: Uint8Array, atomic: boolean): Promise<void> {
  const hasStreams = typeof (handle as Partial<FileHandle>).createWritable === 'function';
  if (handle.createSyncAccessHandle && !(atomic && hasStreams)) {
    const access = await handle.createSyncAccessHandle();
    try {
      access.truncate(0);
      const written = access.write(bytes, { at: 0 });
      // A full disk shows as a short write, or as an error's number in place of a length.
      if (written !== bytes.length)
        throw new DOMException('the storage that the browser grants is full', 'QuotaExceededError');
      access.flush();
    } finally {
      access.close();
    }
    return;
  }
  const stream = await handle.createWritable();
  try {
    await stream.write(bytes as Uint8Array<ArrayBuffer>);
  } catch (error) {
    await stream.abort().catch(() => {});
    throw error;
  }
  await stream.close();
}

/** A file that another tab writes at this moment is locked, for milliseconds. */
async function whenFree<T>(action: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await action();
    } catch (error) {
      if ((error as DOMException).name !== 'NoModificationAllowedError' || tries >= 50) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

function missing(error: unknown): undefined {
  if ((error as DOMException).name === 'NotFoundError') return undefined;
  throw error;
}
