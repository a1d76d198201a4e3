import { open } from 'node:fs/promises';
import { encodeSafetensorsHeader } from '../checkpoint/encode-safetensors-header.ts';
import type { FileTensor } from '../checkpoint/quantised-format.ts';

/**
 * Writes a safetensors file, one tensor after the other.
 *
 * @returns the file's size in bytes
 */
export async function writeSafetensors(
  path: string,
  metadata: Readonly<Record<string, string>>,
  tensors: readonly { readonly tensor: FileTensor; readonly bytes: Uint8Array }[],
): Promise<number> {
  const { header, dataBytes } = encodeSafetensorsHeader(
    metadata,
    tensors.map(({ tensor }) => tensor),
  );
  const file = await open(path, 'w');
  try {
    await file.writeFile(header);
    for (const { bytes } of tensors) await file.writeFile(bytes);
  } finally {
    await file.close();
  }
  return header.length + dataBytes;
}
