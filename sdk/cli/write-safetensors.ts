import { open } from 'node:fs/promises';
import { elementBytes } from '../checkpoint/element-types.ts';
import type { FileTensor } from '../checkpoint/quantised-format.ts';

/**
 * Writes a safetensors file, one tensor after the other.
 * Format: https://github.com/huggingface/safetensors#format
 *
 * @returns the file's size in bytes
 */
export async function writeSafetensors(
  path: string,
  metadata: Readonly<Record<string, string>>,
  tensors: readonly { readonly tensor: FileTensor; readonly bytes: Uint8Array }[],
): Promise<number> {
  const header: Record<string, unknown> = { __metadata__: metadata };
  let end = 0;
  for (const { tensor } of tensors) {
    const begin = end;
    end += tensor.shape.reduce((product, size) => product * size, elementBytes[tensor.type]);
    header[tensor.name] = { dtype: tensor.type, shape: tensor.shape, data_offsets: [begin, end] };
  }
  const json = JSON.stringify(header);
  // Spaces behind the JSON put the data on a multiple of eight.
  const text = new TextEncoder().encode(json.padEnd(Math.ceil(json.length / 8) * 8));
  const length = new Uint8Array(8);
  new DataView(length.buffer).setBigUint64(0, BigInt(text.length), true);
  const file = await open(path, 'w');
  try {
    await file.writeFile(length);
    await file.writeFile(text);
    for (const { bytes } of tensors) await file.writeFile(bytes);
  } finally {
    await file.close();
  }
  return 8 + text.length + end;
}
