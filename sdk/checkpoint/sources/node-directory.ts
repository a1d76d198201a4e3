import { GptletError } from '../../errors/gptlet-error.ts';
import { importNode } from '../../platform/node-module.ts';
import type { FileSource, SourceFile } from './file-source.ts';

// Large enough that system calls cost nothing, small beside a model.
const chunkBytes = 4 << 20;

/** The files of a directory, in Node. */
export async function nodeDirectory(directory: string | URL): Promise<FileSource> {
  const { open, stat } = await importNode('node:fs/promises');
  const { resolve, join } = await importNode('node:path');
  const { fileURLToPath } = await importNode('node:url');
  const root = resolve(typeof directory === 'string' ? directory : fileURLToPath(directory));
  const locate = (name: string): string => join(root, name);

  return {
    locate,
    async open(name, signal): Promise<SourceFile | undefined> {
      signal?.throwIfAborted();
      const location = locate(name);
      const status = await stat(location).catch((cause) =>
        ['ENOENT', 'ENOTDIR'].includes(cause?.code) ? undefined : unreadable(location, cause),
      );
      if (!status?.isFile()) return undefined;
      return {
        location,
        size: status.size,
        async *stream(start, end = Number.POSITIVE_INFINITY, streamSignal) {
          streamSignal?.throwIfAborted();
          const handle = await open(location, 'r').catch((cause) => unreadable(location, cause));
          try {
            const buffer = new Uint8Array(Math.max(1, Math.min(chunkBytes, end - start, status.size)));
            for (let at = start; at < end; ) {
              const { bytesRead } = await handle.read(buffer, 0, Math.min(buffer.length, end - at), at);
              streamSignal?.throwIfAborted();
              if (bytesRead === 0) return;
              yield buffer.subarray(0, bytesRead);
              at += bytesRead;
            }
          } finally {
            await handle.close();
          }
        },
      };
    },
  };
}

function unreadable(location: string, cause: Error): never {
  throw new GptletError('MODEL_NOT_FOUND', `${location} cannot be read (${cause.message}). Check its permissions.`, {
    cause,
  });
}
