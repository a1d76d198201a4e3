const bufferBytes = 512 << 10;

/** Reads a stream, in chunks of any size. The next read may overwrite a chunk. */
interface ChunkReader {
  /** The next chunk, or undefined at the end. */
  read(): Promise<Uint8Array | undefined>;
  cancel(): Promise<void>;
}

/** A reader that asks for memory of its own where it must. */
export function readChunks(stream: ReadableStream<Uint8Array>): ChunkReader {
  return readInPlace(stream) ?? readFreshChunks(stream);
}

/**
 * Reads into one buffer again and again: fresh chunks cost page faults, and pile up faster than they are collected.
 *
 * @returns undefined where the stream cannot do that; in Chrome, Firefox and Node those of bodies and blobs can
 */
export function readInPlace(stream: ReadableStream<Uint8Array>): ChunkReader | undefined {
  let reader: ReadableStreamBYOBReader;
  try {
    reader = stream.getReader({ mode: 'byob' });
  } catch {
    return undefined;
  }
  let buffer = new ArrayBuffer(bufferBytes);
  return {
    async read() {
      const { done, value } = await reader.read(new Uint8Array(buffer));
      if (done) return undefined;
      // It comes back in a new object: the one that was given is detached.
      buffer = value.buffer as ArrayBuffer;
      return value as Uint8Array;
    },
    cancel: () => reader.cancel(),
  };
}

function readFreshChunks(stream: ReadableStream<Uint8Array>): ChunkReader {
  const reader = stream.getReader();
  return { read: async () => (await reader.read()).value, cancel: () => reader.cancel() };
}
