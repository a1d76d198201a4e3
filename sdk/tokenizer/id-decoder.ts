import { invalidId } from './check-arguments.ts';
import type { TokenizerExports } from './wasm-exports.ts';

/**
 * Decodes ids in chunks and hands each chunk's bytes to `sink`; they lie in the module's memory and are
 * overwritten by the next.
 * @throws GptletError INVALID_OPTION for an id that no token has.
 */
export function decodeIds(wasm: TokenizerExports, ids: ArrayLike<number>, sink: (bytes: Uint8Array, last: boolean) => void): void {
  const most = wasm.inputCapacity();
  for (let at = 0; at < ids.length; ) {
    const count = Math.min(most, ids.length - at);
    const target = new Uint32Array(wasm.memory.buffer, wasm.outputAt(), count);
    if (ids instanceof Uint32Array) {
      target.set(ids.subarray(at, at + count));
    } else {
      for (let i = 0; i < count; i++) {
        const id = ids[at + i];
        if (id >>> 0 !== id) throw invalidId(id, at + i, wasm.idLimit.value);
        target[i] = id;
      }
    }
    const length = wasm.decode(count);
    const decoded = wasm.decodedIds();
    if (length < 0) throw invalidId(ids[at + decoded], at + decoded, wasm.idLimit.value);
    at += decoded;
    sink(new Uint8Array(wasm.memory.buffer, wasm.inputAt(), length), at === ids.length);
  }
}
