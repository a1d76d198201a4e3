import type { StateFiles, StateReader, StateWriter } from './state-files.ts';

/** In workers; TypeScript's DOM library does not have it. */
interface SyncAccessHandle {
  write(bytes: Uint8Array, options: { at: number }): number;
  truncate(size: number): void;
  flush(): void;
  close(): void;
}

type FileHandle = FileSystemFileHandle & { createSyncAccessHandle?: () => Promise<SyncAccessHandle> };
type Directory = FileSystemDirectoryHandle & { entries(): AsyncIterable<[string, FileSystemHandle]> };

const folder = 'gptlet-training';
/** A run that nobody came back to. */
const forgottenMs = 30 * 24 * 3_600_000;

/** The two files of a job in the origin-private file system. @returns undefined where the browser has none */
export async function opfsStates(key: string): Promise<StateFiles | undefined> {
  const storage = (globalThis.navigator as Navigator | undefined)?.storage as StorageManager | undefined;
  if (!storage?.getDirectory) return undefined;
  const all = (await (await storage.getDirectory()).getDirectoryHandle(folder, { create: true })) as Directory;
  await removeForgotten(all, key);
  const own = await all.getDirectoryHandle(key, { create: true });
  // Some browsers offer the directory in private windows and refuse to write: now is the time to hear of it.
  await (await writerOf(await own.getFileHandle('probe', { create: true }))).close();
  await own.removeEntry('probe');
  return {
    async open(slot) {
      const handle = await own.getFileHandle(nameOf(slot)).catch(missing);
      return handle && readerOf(await handle.getFile());
    },
    create: async (slot) => writerOf(await own.getFileHandle(nameOf(slot), { create: true })),
    remove: async () => void (await all.removeEntry(key, { recursive: true }).catch(missing)),
  };
}

const nameOf = (slot: 0 | 1): string => `${slot}.state`;

const readerOf = (file: File): StateReader => ({
  size: file.size,
  read: async (offset, length) => new Uint8Array(await file.slice(offset, offset + length).arrayBuffer()),
  close: async () => {},
});

/** By a synchronous handle where there is one (workers; the only way in older Safaris), else by a stream. */
async function writerOf(handle: FileHandle): Promise<StateWriter> {
  if (!handle.createSyncAccessHandle) {
    const stream = await handle.createWritable();
    return { write: (bytes) => stream.write(bytes as Uint8Array<ArrayBuffer>), close: () => stream.close() };
  }
  const access = await handle.createSyncAccessHandle();
  access.truncate(0);
  let at = 0;
  return {
    async write(bytes) {
      const written = access.write(bytes, { at });
      // A full disk shows as a short write, or as an error's number in place of a length.
      if (written !== bytes.length)
        throw new DOMException('the storage that the browser grants is full', 'QuotaExceededError');
      at += written;
    },
    async close() {
      access.flush();
      access.close();
    },
  };
}

/** Removes what was left by runs that broke off long ago. */
async function removeForgotten(all: Directory, key: string): Promise<void> {
  for await (const [name, entry] of all.entries()) {
    if (name === key || entry.kind !== 'directory') continue;
    let latest = 0;
    for await (const [, file] of (entry as Directory).entries())
      if (file.kind === 'file')
        latest = Math.max(latest, (await (file as FileSystemFileHandle).getFile()).lastModified);
    if (latest < Date.now() - forgottenMs) await all.removeEntry(name, { recursive: true }).catch(() => {});
  }
}

function missing(error: unknown): undefined {
  if ((error as DOMException).name === 'NotFoundError') return undefined;
  throw error;
}
