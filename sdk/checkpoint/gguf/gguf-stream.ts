import type { TensorPart } from '../../model/tensor.ts';
import type { PlannedTensor, StreamTensor } from '../tensor-plan.ts';
import type { GgufTensor, UnpackedTensor } from './gguf-contents.ts';
import type { Unpacker } from './unpacker.ts';

// Weights of a part: 4 MB as floats.
const partWeights = 1 << 20;

/** How the tensors of a file are read. Parts of one vector, which may lie far apart, are given when the last has been read. */
export function streamedTensors(tensors: readonly GgufTensor[], unpacker: Unpacker): PlannedTensor[] {
  const vectors = new Map<string, { data: Float32Array; left: number }>();
  return tensors.map(({ unpacked, ...planned }) => ({
    ...planned,
    ...(unpacked && { stream: streamRows(unpacker, unpacked, vectors) }),
  }));
}

function streamRows(
  unpacker: Unpacker,
  { type, integers, pairedRows, vector }: UnpackedTensor,
  vectors: Map<string, { data: Float32Array; left: number }>,
): StreamTensor {
  return async function* (cursor, { stored, name, rows, columns, rowOffset }, _memory, onPosition) {
    const reader = await cursor.at(stored);
    // Whole heads, or as many rows as the CPU's engine packs at once.
    const unit = pairedRows ?? 16;
    const most = vector ? rows : Math.max(1, Math.floor(partWeights / columns / unit)) * unit;
    for (let row = 0; row < rows; row += most) {
      const count = Math.min(most, rows - row);
      const block = unpacker.block({ type, columns, pairedRows, rows: count, bytes: (stored.bytes / rows) * count });
      await reader.fill(block.input());
      onPosition(reader.position);
      if (vector) {
        const whole = vectors.get(name) ?? { data: new Float32Array(vector), left: vector };
        vectors.set(name, whole);
        whole.data.set(block.floats(), rowOffset);
        whole.left -= rows;
        if (whole.left > 0) return;
        const { data } = whole;
        yield { name, rowOffset: 0, rows: 1, columns: vector, rowStride: vector, columnStride: 1, data };
        return;
      }
      const part: Omit<TensorPart, 'data'> = {
        ...{ name, rows: count, columns, rowOffset: rowOffset + row, rowStride: columns, columnStride: 1 },
        origin: { name: stored.name, row, transposed: false },
        quantised: integers && block.integers(integers),
      };
      let data: Float32Array | undefined;
      // Whoever takes the integers asks for no floats.
      yield {
        ...part,
        get data() {
          return (data ??= block.floats());
        },
      };
    }
  };
}
