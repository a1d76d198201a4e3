import { quantisedRowBytes } from '../../quantising/quantised-rows.ts';
import type { StreamTensor } from '../tensor-plan.ts';
import type { UnpackedTensor } from './gguf-contents.ts';
import type { Unpacker } from './unpacker.ts';

// Weights of a part: 4 MB as floats.
const partWeights = 1 << 20;

/** A matrix of blocks in row chunks: whole heads where rows change places, else as many as the CPU's engine packs at once. */
export const streamBlocks = (unpacker: Unpacker, { type, integers: dtype, head = 0 }: UnpackedTensor): StreamTensor =>
  async function* (cursor, { stored, name, rows, columns: K, rowOffset }, _memory, onPosition) {
    const reader = await cursor.at(stored);
    const unit = head || 16;
    const most = Math.max(1, Math.floor(partWeights / K / unit)) * unit;
    for (let row = 0; row < rows; row += most) {
      const count = Math.min(most, rows - row);
      const bytes = (stored.bytes / rows) * count;
      const shape = [type, count, K, bytes, head] as const;
      unpacker.reserve(bytes, count * K);
      const { memory, input, floats, integers, scales } = unpacker;
      await reader.fill(new Uint8Array(memory.buffer, input.value, bytes));
      onPosition(reader.position);
      let data: Float32Array | undefined;
      yield {
        ...{ name, rows: count, columns: K, rowOffset: rowOffset + row, rowStride: K, columnStride: 1 },
        origin: { name: stored.name, row, transposed: false },
        quantised:
          dtype && unpacker.unpackIntegers(...shape)
            ? {
                ...{ dtype, group: 32, K },
                integers: new Uint8Array(memory.buffer, integers.value, count * quantisedRowBytes(dtype, K)),
                scales: new Uint16Array(memory.buffer, scales.value, (count * K) / 32),
              }
            : undefined,
        // Whoever takes the integers asks for no floats.
        get data() {
          if (!data) unpacker.unpack(...shape);
          return (data ??= new Float32Array(memory.buffer, floats.value, count * K));
        },
      };
    }
  };
