import type { StreamTensor } from '../tensor-plan.ts';
import type { UnpackedTensor } from './gguf-contents.ts';
import type { Unpacker } from './unpacker.ts';

// Weights of a part: 4 MB as floats.
const partWeights = 1 << 20;

/** A matrix of blocks in row chunks: whole heads where rows change places, else as many as the CPU's engine packs at once. */
export const streamBlocks = (unpacker: Unpacker, { type, integers, pairedRows }: UnpackedTensor): StreamTensor =>
  async function* (cursor, { stored, name, rows, columns, rowOffset }, _memory, onPosition) {
    const reader = await cursor.at(stored);
    const unit = pairedRows ?? 16;
    const most = Math.max(1, Math.floor(partWeights / columns / unit)) * unit;
    for (let row = 0; row < rows; row += most) {
      const count = Math.min(most, rows - row);
      const block = unpacker.block({ type, columns, pairedRows, rows: count, bytes: (stored.bytes / rows) * count });
      await reader.fill(block.input());
      onPosition(reader.position);
      let data: Float32Array | undefined;
      yield {
        ...{ name, rows: count, columns, rowOffset: rowOffset + row, rowStride: columns, columnStride: 1 },
        origin: { name: stored.name, row, transposed: false },
        quantised: integers && block.integers(integers),
        // Whoever takes the integers asks for no floats.
        get data() {
          return (data ??= block.floats());
        },
      };
    }
  };
