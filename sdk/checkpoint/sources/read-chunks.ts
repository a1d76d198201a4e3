const bufferBytes = 512 << 10;
/** Buffers of readers that are done, for the next ones: a file may come by a hundred requests. */
const spare: ArrayBuffer[] = [];
const mostSpare = 4;

/** Reads a stream, in chunks of any size. The next read and the end of the reader may overwrite a chunk. */
interface ChunkReader {
  /** The next chunk, or undefined at the end. */
  read(): Promise<Uint8Array | undefined>;
  /** Ends the stream, also one that was read to its end. */
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
  let buffer: ArrayBuffer | undefined = spare.pop() ?? new ArrayBuffer(bufferBytes);
  return {
    async read() {
      const { done, value } = await reader.read(new Uint8Array(buffer ?? new ArrayBuffer(bufferBytes)));
      // It comes back in a new object: the one that was given is detached.
      buffer = value?.buffer as ArrayBuffer | undefined;
      return done ? undefined : (value as Uint8Array);
    },
    cancel: async () => {
      // Detached while a read is under way: then the stream has it.
      if (buffer?.byteLength && spare.length < mostSpare) spare.push(buffer);
      buffer = undefined;
      await reader.cancel();
    },
  };
}

function readFreshChunks(stream: ReadableStream<Uint8Array>): ChunkReader {
  const reader = stream.getReader();
  return { read: async () => (await reader.read()).value, cancel: () => reader.cancel() };
}
