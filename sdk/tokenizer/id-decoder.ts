import { GptletError } from '../errors/gptlet-error.ts';
import { show } from '../errors/show.ts';
import { checkArgument } from '../options/check-argument.ts';
import { arrayLike } from '../options/kinds.ts';
import type { TokenizerExports } from './wasm-exports.ts';

/** Ids that one call into the module gets: what they give stays in the processor's cache. */
const most = 1 << 14;

/** Length of the unfinished character at the end of `bytes`, 0 where there is none. */
function unfinished(bytes: Uint8Array): number {
  for (let back = 1; back < 4 && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back];
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) return back < (byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4) ? back : 0;
  }
  return 0;
}

/**
 * Decodes ids in chunks and hands each chunk's bytes to `sink`, whole characters but for the last chunk.
 * The bytes lie in the module's memory and are overwritten by the next.
 * @throws GptletError INVALID_OPTION for an id that no token has.
 */
export function decodeIds(wasm: TokenizerExports, ids: ArrayLike<number>, sink: (bytes: Uint8Array) => void): void {
  checkArgument('tokenIds', ids, arrayLike);
  let kept = 0;
  for (let at = 0; at < ids.length; ) {
    const count = Math.min(most, ids.length - at);
    const target = new Uint32Array(wasm.memory.buffer, wasm.outputAt.value, count);
    if (ids instanceof Uint32Array) {
      target.set(ids.subarray(at, at + count));
    } else {
      for (let i = 0; i < count; i++) {
        const id = ids[at + i];
        // A symbol or a BigInt is not even compared.
        if (typeof id !== 'number' || id >>> 0 !== id) throw invalidId(id, at + i, wasm.idLimit.value);
        target[i] = id;
      }
    }
    const length = wasm.decodeIds(count, kept);
    const decoded = wasm.decodedIds.value;
    if (length < 0) throw invalidId(ids[at + decoded], at + decoded, wasm.idLimit.value);
    at += decoded;
    const bytes = new Uint8Array(wasm.memory.buffer, wasm.inputAt.value, length);
    kept = at < ids.length ? unfinished(bytes) : 0;
    sink(bytes.subarray(0, length - kept));
    bytes.copyWithin(0, length - kept);
  }
}

function invalidId(id: unknown, position: number, vocabSize: number): GptletError {
  return new GptletError(
    'INVALID_OPTION',
    `Token id ${show(id)} at position ${position} is not in the vocabulary; ids are whole numbers from 0 to ${vocabSize - 1}.`,
  );
}
