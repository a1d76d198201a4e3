import { GptletError } from '../../errors/gptlet-error.ts';
import type { ModelFiles } from '../../model/model-source.ts';
import type { FileSource, SourceFile } from './file-source.ts';
import { readInPlace } from './read-chunks.ts';

/**
 * Files given one by one. Where all lie in one folder (`my-model/config.json`, as a dropped folder names
 * them) the folder's name is left away.
 *
 * @param openUrl opens a value that is a URL
 * @param manifest the file by which the folder is known
 */
export function modelFiles(
  files: ModelFiles,
  openUrl: (url: URL, signal?: AbortSignal) => Promise<SourceFile | undefined>,
  manifest = 'config.json',
): FileSource {
  const prefix = folderOf(files, manifest);
  const names = Object.keys(files);
  return {
    // A folder in the hub's layout may hold such files beside its own. Of a split one, the first is it.
    gguf: names.some((name) => /^(.*\/)?config\.json$/.test(name))
      ? undefined
      : names.filter((name) => name.endsWith('.gguf')).sort()[0],
    locate: (name) =>
      `${prefix}${name} among the given files (${Object.keys(files).slice(0, 20).join(', ') || 'none'})`,
    async open(name, signal) {
      signal?.throwIfAborted();
      const key = prefix + name;
      if (!Object.hasOwn(files, key)) return undefined;
      const value: unknown = files[key];
      if (value instanceof URL) return openUrl(value, signal);
      if (value instanceof Blob) return blobFile(key, value);
      if (value instanceof Uint8Array) return bytesFile(key, value);
      if (value instanceof ArrayBuffer) return bytesFile(key, new Uint8Array(value));
      throw new GptletError(
        'INVALID_OPTION',
        `The file '${key}' was given as ${describeValue(value)}; give a Blob, an ArrayBuffer, a Uint8Array or a URL.`,
      );
    },
  };
}

function folderOf(files: ModelFiles, manifest: string): string {
  const names = Object.keys(files);
  if (names.includes(manifest)) return '';
  const found = names.filter((name) => name.endsWith(`/${manifest}`));
  return found.length === 1 ? found[0].slice(0, -manifest.length) : '';
}

/** Bytes in memory, as a file. */
export function bytesFile(location: string, bytes: Uint8Array): SourceFile {
  return {
    location,
    size: bytes.length,
    async *stream(start, end = bytes.length, signal) {
      signal?.throwIfAborted();
      if (start < end) yield bytes.subarray(start, end);
    },
  };
}

function blobFile(location: string, blob: Blob): SourceFile {
  return {
    location,
    size: blob.size,
    async *stream(start, end = blob.size, signal) {
      const part = blob.slice(start, end);
      const reader = readInPlace(part.stream());
      try {
        for (let at = 0; ; ) {
          signal?.throwIfAborted();
          const chunk = reader ? await reader.read() : await readSlice(part, at);
          if (!chunk?.length) return;
          at += chunk.length;
          yield chunk;
        }
      } finally {
        await reader?.cancel().catch(() => {});
      }
    },
  };
}

/** Slices rather than plain streams, which may read a large file ahead without bound. */
async function readSlice(blob: Blob, at: number): Promise<Uint8Array> {
  return new Uint8Array(await blob.slice(at, at + sliceBytes).arrayBuffer());
}

const sliceBytes = 8 << 20;

function describeValue(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  return typeof value === 'object' ? `an object (${value.constructor?.name ?? 'no class'})` : `a ${typeof value}`;
}
