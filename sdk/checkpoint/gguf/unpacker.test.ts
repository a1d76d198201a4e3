import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../platform/seeded-random.ts';
import { unpackBytes } from '../../platform/unpack-bytes.ts';
import { dequantise } from '../../quantising/quantised-rows.ts';
import { tensorTypes } from './tensor-types.ts';
import { openBlock } from './testing/open-block.ts';
import { weightOf } from './testing/unpack-slowly.ts';
import { createUnpacker } from './unpacker.ts';
import { unpackingWasm } from './unpacking-wasm.gen.ts';

const unpacker = await createUnpacker(unpackBytes(unpackingWasm));

/** Random bytes in which every f16 is finite: scales of any size, negative and subnormal ones among them. */
function randomRows(type: number, rows: number, columns: number): Uint8Array {
  const random = seededRandom(type + 1);
  const { weights, bytes } = tensorTypes[type];
  const data = Uint8Array.from({ length: (rows * columns * bytes) / weights }, () => Math.floor(random() * 256));
  const halves: Readonly<Record<number, readonly number[]>> = {
    1: [0],
    2: [0],
    3: [0, 2],
    6: [0],
    7: [0, 2],
    8: [0],
    12: [0, 2],
    13: [0, 2],
    14: [208],
    30: [0],
  };
  for (let at = 0; at < data.length; at += bytes) for (const half of halves[type] ?? []) data[at + half + 1] &= 0xbb;
  return data;
}

describe('rows of a GGUF file', () => {
  it.each(Object.entries(tensorTypes).map(([type, { name }]) => [name, Number(type)] as const))(
    '%s: every weight is what the formula gives, to f32',
    (_, type) => {
      const [rows, columns] = [3, 512];
      const data =
        type === 0
          ? new Uint8Array(Float32Array.from({ length: rows * columns }, (_, i) => i / 7).buffer)
          : randomRows(type, rows, columns);
      const block = openBlock(unpacker, { type, rows, columns, bytes: data.length });
      block.input().set(data);
      const floats = block.floats();
      expect(floats).toHaveLength(rows * columns);
      let largest = 0;
      for (let r = 0; r < rows; r++) {
        const row = data.subarray((r * data.length) / rows, ((r + 1) * data.length) / rows);
        for (let c = 0; c < columns; c++) {
          const exact = weightOf(type, row, c);
          // Both terms, below 2000 here, are rounded to f32 before one is taken off the other.
          const tolerance = 2 ** -22 * Math.max(Math.abs(exact), 1e-30, ...(type === 12 || type === 13 ? [2000] : []));
          expect(Math.abs(floats[r * columns + c] - exact)).toBeLessThanOrEqual(tolerance);
          largest = Math.max(largest, Math.abs(exact));
        }
      }
      expect(largest).toBeGreaterThan(0);
    },
  );

  it.each([
    ['Q8_0', 8, 'q8'],
    ['Q4_0', 2, 'q4'],
  ] as const)('%s: integers are kept, and scales are the nearest bf16', (_, type, dtype) => {
    const [rows, columns] = [4, 96];
    const data = randomRows(type, rows, columns);
    const block = openBlock(unpacker, { type, rows, columns, bytes: data.length });
    block.input().set(data);
    const kept = block.integers(dtype);
    if (!kept) throw new Error('no integers');
    const made = dequantise(kept, rows, columns);
    const floats = block.floats();
    // A bf16 has eight bits: its scale is at most half of the last one off. -128 counts as -127.
    for (const [i, value] of floats.entries())
      expect(Math.abs(made[i] - value)).toBeLessThanOrEqual(Math.abs(value) * (2 ** -8.99 + 1 / 128));
    expect(kept).toMatchObject({ dtype, group: 32, K: columns });
  });

  it('has no integers where a scale is not finite', () => {
    const data = new Uint8Array(34);
    data.set([0x00, 0x7c]);
    const block = openBlock(unpacker, { type: 8, rows: 1, columns: 32, bytes: 34 });
    block.input().set(data);
    expect(block.integers('q8')).toBeUndefined();
  });

  it('puts rows that turn together half a head apart', () => {
    const block = openBlock(unpacker, { type: 0, rows: 12, columns: 1, bytes: 48, head: 6 });
    block.input().set(new Uint8Array(Float32Array.from({ length: 12 }, (_, i) => i).buffer));
    expect([...block.floats()]).toEqual([0, 2, 4, 1, 3, 5, 6, 8, 10, 7, 9, 11]);
  });
});
