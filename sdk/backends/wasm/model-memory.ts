import { GptletError } from '../../errors/gptlet-error.ts';

const pageBytes = 65536;
const mostPages = 65536;

/** Where the last buffer may end: an address behind it must still be a number of 32 bits. */
export const mostBytes: number = (mostPages - 1) * pageBytes;

/** @param advice whole sentences: what would fit, and what to do */
export function outOfMemory(bytes: number, purpose: string, advice: string, cause?: unknown): GptletError {
  const limit = bytes > mostBytes ? ', but WebAssembly memory ends at 4294 MB' : ', which this machine did not give';
  return new GptletError(
    'OUT_OF_MEMORY',
    `The WASM backend needs ${bytes} bytes (${(bytes / 1e6).toFixed(1)} MB) of memory for ${purpose}${limit}. ${advice}`,
    { cause },
  );
}

const noRoomForModel = (bytes: number, cause?: unknown): GptletError =>
  outOfMemory(
    bytes,
    'this model',
    "Load it with a smaller dtype ('q8' or 'q4'), dispose other models first, or use a smaller model.",
    cause,
  );

/**
 * A memory of the bytes that a model needs at first, each model its own, so that disposing one frees all of it.
 *
 * @param noRoom the error where there is not that much; by default it speaks of loading a model
 */
export function createModelMemory(
  bytes: number,
  shared: boolean,
  noRoom: typeof noRoomForModel = noRoomForModel,
): WebAssembly.Memory {
  const initial = Math.ceil(bytes / pageBytes);
  if (bytes > mostBytes) throw noRoom(bytes);
  let failure: unknown;
  // Some machines refuse to set 4 GB of addresses aside for a shared memory; with less, it cannot grow as far later.
  for (let maximum = mostPages; maximum >= initial; maximum = nextMaximum(maximum, initial)) {
    try {
      return new WebAssembly.Memory({ initial, maximum, shared });
    } catch (cause) {
      failure = cause;
      if (!shared) break;
    }
  }
  throw noRoom(bytes, failure);
}

/** Half as much, but no less than the beginning, and after that nothing. */
const nextMaximum = (maximum: number, initial: number): number =>
  maximum === initial ? 0 : Math.max(initial, maximum >> 1);

/** Makes the memory at least this large, or returns false. Views of an unshared memory made before are detached. */
export function growModelMemory(memory: WebAssembly.Memory, bytes: number): boolean {
  const missing = Math.ceil((bytes - memory.buffer.byteLength) / pageBytes);
  if (missing <= 0) return true;
  if (bytes > mostBytes) return false;
  try {
    memory.grow(missing);
    return true;
  } catch {
    return false;
  }
}
