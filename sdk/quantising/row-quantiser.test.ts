import { describe, expect, it } from 'vitest';
import { quantiseTensor } from '../backends/wasm/testing/quantise-twin.ts';
import { seededRandom } from '../platform/seeded-random.ts';
import { importQuantiser } from './import-quantiser.ts';
import { quantisePart } from './quantise-part.ts';
import { dequantise, quantisedGroup, quantisedRowBytes } from './quantised-rows.ts';
import { rowQuantiser } from './row-quantiser.ts';

const seed = Math.floor(Math.random() * 2 ** 31);

describe(`rows as integers, seed ${seed}`, () => {
  const random = seededRandom(seed);

  it.each([
    ['q8', 36],
    ['q8', 192],
    ['q8', 768],
    ['q4', 36],
    ['q4', 96],
  ] as const)('are those of the slow twin, %s, %i columns', async (dtype, columns) => {
    const quantise = await rowQuantiser(importQuantiser);
    const rows = 37;
    const data = Float32Array.from({ length: rows * columns }, () => (random() - 0.5) * 10 ** (4 * random() - 3));
    const part = { name: 'x', rowOffset: 0, rows, columns, rowStride: columns, columnStride: 1, data };
    const group = quantisedGroup(dtype, columns);
    const K = Math.ceil(columns / group) * group;
    const found: number[] = [];
    quantisePart(part, 0, rows, { dtype, group, K }, quantise, (made, at, n) => {
      expect(at).toBe(found.length / columns);
      expect(made.integers.length).toBe(n * quantisedRowBytes(dtype, K));
      expect(made.scales.length).toBe((n * K) / group);
      for (const value of dequantise(made, n, columns)) found.push(value + 0);
    });
    expect(found).toEqual(Array.from(quantiseTensor(part, dtype).data, (value) => value + 0));
  });

  it('is one a thread, whatever the width and order of its calls', async () => {
    expect(rowQuantiser(importQuantiser)).toBe(rowQuantiser(importQuantiser));
    const quantise = await rowQuantiser(importQuantiser);
    const ones = new Float32Array(32).fill(1);
    const before = structuredClone(quantise('q4', ones, 32, 32));
    quantise('q8', new Float32Array(16 * 50_048).fill(3), 50_048, 128);
    expect(quantise('q4', ones, 32, 32)).toEqual(before);
  });

  it('names the row of a value that is not finite', async () => {
    const quantise = await rowQuantiser(importQuantiser);
    const rows = new Float32Array(5 * 64);
    rows[3 * 64 + 40] = Number.POSITIVE_INFINITY;
    expect(quantise('q8', rows, 64, 64)).toBe(3);
    expect(quantise('q4', rows, 64, 32)).toBe(3);
  });
});
