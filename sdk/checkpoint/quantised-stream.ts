import { GptletError } from '../errors/gptlet-error.ts';
import type { TensorPart } from '../model/tensor.ts';
import { quantisedPart, quantisedRowBytes } from '../quantising/quantised-rows.ts';
import type { FileCursor } from './file-cursor.ts';
import type { PlannedTensor } from './tensor-plan.ts';

// Integers of one part: large enough to cost little, small enough to leave no spike in memory.
const partBytes = 4 << 20;

/** A quantised matrix in row chunks; its scales, which stand before it in the file, are read first. */
export async function* streamQuantised(
  cursor: FileCursor,
  { name, rows, columns, stored, quantised }: PlannedTensor & { quantised: NonNullable<PlannedTensor['quantised']> },
  memory: { bytes(count: number): Uint8Array },
  onPosition: (position: number) => void,
): AsyncGenerator<TensorPart> {
  const { dtype, group, K } = quantised;
  const scales = new Uint16Array(quantised.scales.bytes / 2);
  await (await cursor.at(quantised.scales)).fill(new Uint8Array(scales.buffer));
  const bad = scales.findIndex((bits) => (bits & 0x7f80) === 0x7f80);
  if (bad >= 0) {
    throw new GptletError(
      'BAD_CHECKPOINT',
      `${quantised.scales.name} holds a scale that is not finite, at row ${Math.floor((bad * group) / K)}. Download the file again.`,
    );
  }
  const rowBytes = quantisedRowBytes(dtype, K);
  const most = Math.min(rows, Math.max(1, Math.floor(partBytes / rowBytes)));
  const reader = await cursor.at(stored);
  for (let rowOffset = 0; rowOffset < rows; rowOffset += most) {
    const count = Math.min(most, rows - rowOffset);
    // Of its own for each matrix, it would pile up faster than it is collected.
    const integers = memory.bytes(count * rowBytes);
    await reader.fill(integers);
    onPosition(reader.position);
    const of = { dtype, group, K, integers, scales: scales.subarray((rowOffset * K) / group) };
    yield quantisedPart({ name, rowOffset, rows: count, columns }, of);
  }
}
