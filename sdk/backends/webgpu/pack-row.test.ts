import { describe, expect, it } from 'vitest';
import { dequantise, quantisedGroup } from '../../model/quantised-rows.ts';
import { quantiseTensor } from '../wasm/testing/quantise-twin.ts';
import { fromHalf, toHalf } from './half.ts';
import { copyQuantisedRow, packRow, rowBytes, rowScaleBytes } from './pack-row.ts';

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

describe('a packed row', () => {
  const random = Float32Array.from({ length: 96 }, () => Math.random() - 0.5);
  const pack = (dtype: 'q8' | 'q4', row: Float32Array): { weights: Uint8Array; scales: Uint16Array } => {
    const weights = new Uint8Array(rowBytes(dtype, row.length));
    const scales = new Uint16Array(rowScaleBytes(dtype, row.length) / 2);
    packRow(dtype, row, weights, scales);
    return { weights, scales };
  };
  const scaleOf = (scales: Uint16Array, i: number): number => fromHalf(scales[Math.floor(i / 32)]) / 256;

  it('is off by half a step of q8 at most', () => {
    const { weights, scales } = pack('q8', random);
    random.forEach((value, i) => {
      const scale = scaleOf(scales, i);
      expect(Math.abs(((weights[i] << 24) >> 24) * scale - value)).toBeLessThan(scale * 0.57); // f16 rounds the scale
    });
  });

  it('is off by a step of q4 at most, and half a step but at the far end', () => {
    const { weights, scales } = pack('q4', random);
    random.forEach((value, i) => {
      const byte = weights[Math.floor(i / 8) * 4 + (i % 4)];
      const nibble = i % 8 < 4 ? byte & 15 : byte >> 4;
      const scale = scaleOf(scales, i);
      expect(Math.abs((nibble - 8) * scale - value)).toBeLessThan(Math.abs(scale) * (nibble === 15 ? 1.01 : 0.51));
    });
  });

  it.each([36, 64, 192, 768])(
    'holds in q8 what the WASM engine makes of it, to the bit, %i columns wide',
    (columns) => {
      const group = quantisedGroup('q8', columns);
      const row = new Float32Array(Math.ceil(columns / 32) * 32);
      for (let c = 0; c < columns; c++) row[c] = (Math.random() - 0.5) * 10 ** (4 * Math.random() - 3);
      const weights = new Uint8Array(rowBytes('q8', row.length));
      const scales = new Uint16Array(rowScaleBytes('q8', row.length) / 2);
      packRow('q8', row, weights, scales, group);
      const place = { name: 'x', rowOffset: 0, rows: 1, columns, rowStride: columns, columnStride: 1 };
      // Two rows, since the twin leaves vectors alone.
      const data = Float32Array.from([...row.subarray(0, columns), ...row.subarray(0, columns)]);
      const twin = quantiseTensor({ ...place, rows: 2, data }, 'q8').data.subarray(0, columns);
      expect(Array.from(twin, (_, c) => ((weights[c] << 24) >> 24) * scaleOf(scales, c) + 0)).toEqual(
        Array.from(twin, (value) => value + 0),
      );
    },
  );

  it.each([
    ['q8', 128],
    ['q8', 32],
    ['q4', 32],
  ] as const)('of a quantised file, %s in groups of %i, means the same numbers', (dtype, group) => {
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
    for (let r = 0; r < rows; r++) {
      const weights = new Uint8Array(rowBytes(dtype, K)).fill(0xaa);
      const packedScales = new Uint16Array(rowScaleBytes(dtype, K) / 2).fill(0x7fff);
      copyQuantisedRow(quantised, r, weights, packedScales);
      for (let c = 0; c < K; c++) {
        const byte = weights[Math.floor(c / 8) * 4 + (c % 4)];
        const integer = dtype === 'q8' ? (weights[c] << 24) >> 24 : (c % 8 < 4 ? byte & 15 : byte >> 4) - 8;
        expect(integer * scaleOf(packedScales, c) + 0).toBe(wanted[r * K + c] + 0);
      }
    }
  });

  it('of zeros is zero, and one of tiny values keeps their digits', () => {
    expect(pack('q8', new Float32Array(32)).weights.every((byte) => byte === 0)).toBe(true);
    expect(pack('q4', new Float32Array(32)).scales[0] & 0x7fff).toBe(0);
    const tiny = Float32Array.from({ length: 32 }, (_, i) => (i - 16) * 1e-5);
    const { weights, scales } = pack('q8', tiny);
    tiny.forEach((value, i) => {
      expect(Math.abs(((weights[i] << 24) >> 24) * scaleOf(scales, i) - value)).toBeLessThan(1e-6);
    });
  });
});
