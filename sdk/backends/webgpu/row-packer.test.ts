import { describe, expect, it } from 'vitest';
import type { Dtype } from '../../model/dtype.ts';
import { importQuantiser } from '../../quantising/import-quantiser.ts';
import { dequantise, quantisedPart } from '../../quantising/quantised-rows.ts';
import { rowQuantiser } from '../../quantising/row-quantiser.ts';
import { quantiseTensor } from '../wasm/testing/quantise-twin.ts';
import { fromHalf, toHalf } from './half.ts';
import { copyQuantisedRows, rowBytes, rowScaleBytes } from './pack-rows.ts';
import { rowPacker } from './row-packer.ts';

const quantiser = () => rowQuantiser(importQuantiser);

describe('f16', () => {
  it('survives the way through a number and back, all 65,536 of them', () => {
    for (let half = 0; half < 65536; half++) {
      const value = fromHalf(half);
      if (Number.isNaN(value)) expect(Number.isNaN(fromHalf(toHalf(value)))).toBe(true);
      else if (toHalf(value) !== half) expect.fail(`${half} became ${toHalf(value)}`);
    }
  });

  it('rounds to the nearest, and to even half way', () => {
    for (let half = 0; half < 0x7bff; half++) {
      const [low, high] = [fromHalf(half), fromHalf(half + 1)];
      const middle = (low + high) / 2;
      const even = half % 2 === 0 ? half : half + 1;
      if (toHalf(middle) !== even) expect.fail(`the middle after ${half} became ${toHalf(middle)}`);
      if (toHalf(low + (high - low) * 0.375) !== half) expect.fail(`just after ${half}`);
      if (toHalf(low + (high - low) * 0.625) !== half + 1) expect.fail(`just before ${half + 1}`);
    }
    expect(toHalf(65520)).toBe(0x7c00);
    expect(toHalf(65519)).toBe(0x7bff);
    expect(toHalf(-1e9)).toBe(0xfc00);
  });
});

/** A tensor of rows, or transposed, in packed form. */
async function pack(dtype: Dtype, data: Float32Array, columns: number, transposed = false) {
  const rows = data.length / columns;
  const lie = transposed
    ? { rowStride: 1, columnStride: rows, data: data.map((_, i) => data[(i % rows) * columns + Math.floor(i / rows)]) }
    : { rowStride: columns, columnStride: 1, data };
  const K = Math.ceil(columns / 32) * 32;
  const weights = new Uint8Array(rows * rowBytes(dtype, K)).fill(0xaa);
  const scales = new Uint16Array((rows * rowScaleBytes(dtype, K)) / 2).fill(0x7fff);
  const packer = await rowPacker({ name: 'x', rowOffset: 5, rows, columns, ...lie }, dtype, K, quantiser);
  // In two pieces, as parts of a matrix may need it.
  const first = Math.ceil(rows / 2);
  packer(0, first, weights, scales);
  packer(
    first,
    rows - first,
    weights.subarray(first * rowBytes(dtype, K)),
    scales.subarray((first * scales.length) / rows),
  );
  return { weights, scales, K };
}

/** Weight c of row r as the shaders read it. */
function unpack(dtype: 'q8' | 'q4', weights: Uint8Array, scales: Uint16Array, K: number, r: number, c: number): number {
  const bytes = weights.subarray(r * rowBytes(dtype, K));
  const byte = dtype === 'q8' ? bytes[c] : bytes[Math.floor(c / 8) * 4 + (c % 4)];
  const integer = dtype === 'q8' ? (byte << 24) >> 24 : (c % 8 < 4 ? byte & 15 : byte >> 4) - 8;
  // Adding 0 makes -0 of a negative scale 0.
  return (integer * fromHalf(scales[(r * rowScaleBytes(dtype, K)) / 2 + Math.floor(c / 32)])) / 256 + 0;
}

describe('packed rows', () => {
  it.each([
    ['q8', 36],
    ['q8', 64],
    ['q8', 768],
    ['q4', 36],
    ['q4', 768],
  ] as const)('hold in %s what the WASM engine makes of them, to the bit, %i columns wide', async (dtype, columns) => {
    const rows = 35;
    const data = Float32Array.from(
      { length: rows * columns },
      () => (Math.random() - 0.5) * 10 ** (4 * Math.random() - 3),
    );
    const place = { name: 'x', rowOffset: 0, rows, columns, rowStride: columns, columnStride: 1 };
    const twin = quantiseTensor({ ...place, data }, dtype).data;
    for (const transposed of [false, true]) {
      const { weights, scales, K } = await pack(dtype, data, columns, transposed);
      const found = Array.from(twin, (_, i) => unpack(dtype, weights, scales, K, Math.floor(i / columns), i % columns));
      expect(found).toEqual(Array.from(twin, (value) => value + 0));
    }
  });

  it('put columns where they belong', async () => {
    const data = Float32Array.from({ length: 32 * 2 }, (_, i) => i - 20);
    const part = { name: 'x', rowOffset: 0, rows: 2, columns: 32, rowStride: 32, columnStride: 1, data };
    const packer = await rowPacker(part, 'f32', 64, quantiser, (c) => 2 * c);
    const weights = new Float32Array(128).fill(Number.NaN);
    packer(0, 2, new Uint8Array(weights.buffer), new Uint16Array(0));
    expect(weights).toEqual(weights.map((_, i) => (i % 2 === 0 ? data[i / 2] : 0)));
  });

  it.each([
    ['q8', 128],
    ['q8', 32],
    ['q4', 32],
  ] as const)('of a quantised file, %s in groups of %i, mean the same numbers', (dtype, group) => {
    const K = 256;
    const rows = 3;
    // -128 does not occur in q8.
    const anyByte = () => (dtype === 'q8' ? Math.floor(Math.random() * 255) - 127 : Math.floor(Math.random() * 256));
    const integers = Uint8Array.from({ length: (rows * K) / (dtype === 'q8' ? 1 : 2) }, anyByte);
    // Positive and, as q4 has them, negative scales of 2^-10 and more.
    const scales = Uint16Array.from(
      { length: (rows * K) / group },
      () => 0x3a80 + Math.random() * 256 + (dtype === 'q4' && Math.random() < 0.5 ? 0x8000 : 0),
    );
    const quantised = { dtype, group, K, integers, scales };
    const wanted = dequantise(quantised, rows, K);
    const weights = new Uint8Array(2 * rowBytes(dtype, K)).fill(0xaa);
    const packedScales = new Uint16Array(rowScaleBytes(dtype, K)).fill(0x7fff);
    copyQuantisedRows(quantised, 1, 2, weights, packedScales);
    for (let i = 0; i < 2 * K; i++) {
      expect(unpack(dtype, weights, packedScales, K, Math.floor(i / K), i % K)).toBe(wanted[K + i] + 0);
    }
  });

  it.each(['q8', 'q4'] as const)(
    'of zeros are zero in %s, and those of tiny values keep their digits',
    async (dtype) => {
      const zeros = await pack(dtype, new Float32Array(128), 64);
      expect(unpack(dtype, zeros.weights, zeros.scales, 64, 1, 7)).toBe(0);
      expect([...zeros.scales].filter((half) => half & 0x7fff)).toEqual([]);
      const tiny = Float32Array.from({ length: 128 }, (_, i) => (i % 32) * 1e-5);
      const { weights, scales } = await pack(dtype, tiny, 64);
      const step = 31e-5 / { q8: 127, q4: 7 }[dtype];
      tiny.forEach((value, i) => {
        const found = unpack(dtype, weights, scales, 64, Math.floor(i / 64), i % 64);
        expect(Math.abs(found - value)).toBeLessThan(step);
      });
    },
  );

  it.each(['f32', 'f16', 'q8', 'q4'] as const)('with NaN are refused in %s, and the place is named', async (dtype) => {
    const data = new Float32Array(40 * 64);
    data[33 * 64 + 40] = Number.NaN;
    await expect(pack(dtype, data, 64)).rejects.toMatchObject({
      code: 'BAD_CHECKPOINT',
      message: expect.stringContaining('x holds NaN at row 38, column 40'),
    });
  });

  it.each([
    ['f16', 65_519, 65_520],
    ['q8', 255 * 127, 257 * 127],
    ['q4', 255 * 7, 257 * 8],
  ] as const)(
    'in %s hold numbers up to %i; one of %i is refused, and the place is named',
    async (dtype, most, more) => {
      const data = new Float32Array(40 * 64);
      data[33 * 64 + 41] = -1;
      data[33 * 64 + 40] = -most;
      const { weights, scales } = await pack(dtype, data, 64);
      expect(weights.some((byte) => byte !== 0)).toBe(true);
      expect(scales.every((half) => Number.isFinite(fromHalf(half)))).toBe(true);
      data[33 * 64 + 40] = -more;
      await expect(pack(dtype, data, 64)).rejects.toMatchObject({
        code: 'UNSUPPORTED_MODEL',
        message: expect.stringMatching(`x holds -${more} at row 38, column 40, .* ${dtype} .* dtype: 'f32'`),
      });
    },
  );

  it.each(['q8', 'q4'] as const)(
    'of a quantised file, %s, with a scale too large for f16 are refused',
    async (dtype) => {
      const rows = 3;
      const integers = new Uint8Array(rows * rowBytes(dtype, 64)).fill(0x11);
      const scales = new Uint16Array(rows * 2).fill(0x3f80);
      // 2^8
      scales[3] = 0x4380;
      const of = { dtype, group: 32, K: 64, integers, scales };
      const part = quantisedPart({ name: 'x', rowOffset: 5, rows, columns: 64 }, of);
      const packer = await rowPacker(part, dtype, 64, quantiser);
      const out = () => new Uint8Array(2 * rowBytes(dtype, 64));
      packer(0, 1, out(), new Uint16Array(2 * rowScaleBytes(dtype, 64)));
      expect(() => packer(0, 2, out(), new Uint16Array(2 * rowScaleBytes(dtype, 64)))).toThrow(
        /x holds .* at row 6, column 32/,
      );
    },
  );
});
