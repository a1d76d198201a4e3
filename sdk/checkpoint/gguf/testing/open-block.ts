import type { QuantisedDtype } from '../../../model/dtype.ts';
import type { QuantisedRows } from '../../../model/tensor.ts';
import type { Unpacker } from '../unpacker.ts';

/** Rows that can be unpacked. */
interface Block {
  input(): Uint8Array;
  floats(): Float32Array;
  integers(dtype: QuantisedDtype): QuantisedRows | undefined;
}

/** Some rows of one type, to be unpacked by themselves. */
export function openBlock(
  unpacker: Unpacker,
  {
    type,
    rows,
    columns,
    bytes,
    head = 0,
  }: { type: number; rows: number; columns: number; bytes: number; head?: number },
): Block {
  unpacker.reserve(bytes, rows * columns);
  const { memory, input, floats, integers, scales } = unpacker;
  return {
    input: () => new Uint8Array(memory.buffer, input.value, bytes),
    floats(): Float32Array {
      unpacker.unpack(type, rows, columns, bytes, head);
      return new Float32Array(memory.buffer, floats.value, rows * columns);
    },
    integers(dtype: QuantisedDtype): QuantisedRows | undefined {
      if (!unpacker.unpackIntegers(type, rows, columns, bytes, head)) return undefined;
      return {
        ...{ dtype, group: 32, K: columns },
        integers: new Uint8Array(memory.buffer, integers.value, (rows * columns) / (dtype === 'q8' ? 1 : 2)),
        scales: new Uint16Array(memory.buffer, scales.value, (rows * columns) / 32),
      };
    },
  };
}
