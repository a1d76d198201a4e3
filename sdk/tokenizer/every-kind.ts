import { unpackBytes } from '../platform/unpack-bytes.ts';
import { everyKindWasm } from './every-kind-wasm.gen.ts';

export function everyKindBytes(): Uint8Array<ArrayBuffer> {
  return unpackBytes(everyKindWasm);
}
