import { elementBytes } from './element-types.ts';

/** A tensor of a file that is to be written. */
export interface TensorEntry {
  readonly name: string;
  readonly type: string;
  readonly shape: readonly number[];
}

/**
 * What stands before the data of a safetensors file: the length of the JSON, 8 bytes, and the JSON. The data of the tensors follow in
 * their order. Format: https://github.com/huggingface/safetensors#format
 */
export function encodeSafetensorsHeader(
  metadata: Readonly<Record<string, string>>,
  tensors: readonly TensorEntry[],
): { readonly header: Uint8Array<ArrayBuffer>; readonly dataBytes: number } {
  const entries: Record<string, unknown> = { __metadata__: metadata };
  let end = 0;
  for (const { name, type, shape } of tensors) {
    const begin = end;
    end += shape.reduce((product, size) => product * size, elementBytes[type]);
    entries[name] = { dtype: type, shape, data_offsets: [begin, end] };
  }
  // Spaces behind the JSON put the data on a multiple of eight.
  const text = new TextEncoder().encode(JSON.stringify(entries));
  const padded = Math.ceil(text.length / 8) * 8;
  const header = new Uint8Array(8 + padded).fill(0x20);
  new DataView(header.buffer).setBigUint64(0, BigInt(padded), true);
  header.set(text, 8);
  return { header, dataBytes: end };
}
