import { GptletError } from '../../errors/gptlet-error.ts';

const pageBytes = 65536;
const mostPages = 65536;

function outOfMemory(bytes: number, cause?: unknown): GptletError {
  const limit =
    bytes > pageBytes * mostPages ? ', but WebAssembly memory ends at 4294 MB' : ', which this machine did not give';
  return new GptletError(
    'OUT_OF_MEMORY',
    `The WASM backend needs ${bytes} bytes (${(bytes / 1e6).toFixed(1)} MB) of memory for this model${limit}. Load it with a smaller dtype ('q8' or 'q4'), dispose other models first, or use a smaller model.`,
    { cause },
  );
}

/** A memory of exactly the bytes that a model needs, each model its own, so that disposing one frees all of it. */
export function createModelMemory(bytes: number, shared: boolean): WebAssembly.Memory {
  const initial = Math.ceil(bytes / pageBytes);
  if (initial > mostPages) throw outOfMemory(bytes);
  try {
    return new WebAssembly.Memory({ initial, maximum: mostPages, shared });
  } catch (cause) {
    // Some machines refuse to set 4 GB of addresses aside for a shared memory; then it cannot grow later.
    if (shared) {
      try {
        return new WebAssembly.Memory({ initial, maximum: initial, shared });
      } catch {}
    }
    throw outOfMemory(bytes, cause);
  }
}

/** Makes the memory at least this large. Views of an unshared memory made before are detached. */
export function growModelMemory(memory: WebAssembly.Memory, bytes: number): void {
  const missing = Math.ceil((bytes - memory.buffer.byteLength) / pageBytes);
  if (missing <= 0) return;
  try {
    memory.grow(missing);
  } catch (cause) {
    throw outOfMemory(bytes, cause);
  }
}
