import { GptletError } from '../errors/gptlet-error.ts';
import type { QuantisedRows } from '../model/tensor.ts';
import { quantisedPart, quantisedRowBytes } from '../quantising/quantised-rows.ts';
import type { StreamTensor } from './tensor-plan.ts';
import type { StoredTensor } from './weight-file.ts';

// Integers of one part: large enough to cost little, small enough to leave no spike in memory.
const partBytes = 4 << 20;

/** How a matrix's integers are read; their scales are another tensor. */
interface QuantisedMatrix extends Pick<QuantisedRows, 'dtype' | 'group' | 'K'> {
  readonly scales: StoredTensor;
}

/** A quantised matrix in row chunks; its scales, which stand before it in the file, are read first. */
export const streamQuantised = ({ dtype, group, K, scales: scalesAt }: QuantisedMatrix): StreamTensor =>
  async function* (cursor, { name, rows, columns, stored }, memory, onPosition) {
    const scales = new Uint16Array(scalesAt.bytes / 2);
    await (await cursor.at(scalesAt)).fill(new Uint8Array(scales.buffer));
    const bad = scales.findIndex((bits) => (bits & 0x7f80) === 0x7f80);
    if (bad >= 0) {
      throw new GptletError(
        'BAD_CHECKPOINT',
        `${scalesAt.name} holds a scale that is not finite, at row ${Math.floor((bad * group) / K)}. Download the file again.`,
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
  };
