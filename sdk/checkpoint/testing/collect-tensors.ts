import { createHash } from 'node:crypto';
import type { Checkpoint } from '../checkpoint.ts';

/** All weights by canonical name, row-major, as a receiver that copies at once puts them together. */
export async function collectTensors(checkpoint: Checkpoint, signal?: AbortSignal): Promise<Map<string, number[]>> {
  const tensors = new Map<string, number[]>();
  for await (const part of checkpoint.tensors({ signal })) {
    const tensor = tensors.get(part.name) ?? [];
    tensors.set(part.name, tensor);
    for (let row = 0; row < part.rows; row++) {
      for (let column = 0; column < part.columns; column++) {
        tensor[(part.rowOffset + row) * part.columns + column] =
          part.data[row * part.rowStride + column * part.columnStride];
      }
    }
  }
  return tensors;
}

/** The same as a digest a tensor, for whoever only compares: an expectation that walks through every weight takes seconds. */
export async function digestTensors(checkpoint: Checkpoint, signal?: AbortSignal): Promise<Map<string, string>> {
  const tensors = [...(await collectTensors(checkpoint, signal))];
  return new Map(
    tensors.map(([name, values]) => [name, createHash('sha256').update(Float64Array.from(values)).digest('hex')]),
  );
}
