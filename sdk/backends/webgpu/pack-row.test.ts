import { describe, expect, it } from 'vitest';
import { fromHalf, toHalf } from './half.ts';
import { packRow, rowBytes, rowScaleBytes } from './pack-row.ts';

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
