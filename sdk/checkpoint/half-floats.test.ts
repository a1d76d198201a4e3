import { describe, expect, it } from 'vitest';
import { widenBf16, widenF16 } from './half-floats.ts';

describe('16-bit floats', () => {
  it('F16 becomes the value that its sign, exponent and fraction mean, for every pattern', () => {
    const all = Uint16Array.from({ length: 65_536 }, (_, i) => i);
    const wide = new Float32Array(all.length);
    widenF16(all, wide);
    for (let half = 0; half < 65_536; half++) {
      const sign = half & 0x8000 ? -1 : 1;
      const exponent = (half >> 10) & 31;
      const fraction = (half & 1023) / 1024;
      const finite = exponent === 0 ? fraction * 2 ** -14 : (1 + fraction) * 2 ** (exponent - 15);
      const expected = exponent < 31 ? sign * finite : fraction > 0 ? Number.NaN : sign * Number.POSITIVE_INFINITY;
      if (!Object.is(wide[half], expected)) expect([half, wide[half]]).toEqual([half, expected]);
    }
  });

  it('BF16 is the upper half of an F32', () => {
    const floats = new Float32Array([0, -0, 1, -1.5, 3.140625, 2 ** -126, 1.5 * 2 ** 100, Number.POSITIVE_INFINITY]);
    const halves = Uint16Array.from(new Uint32Array(floats.buffer), (bits) => bits >>> 16);
    const wide = new Float32Array(floats.length);
    widenBf16(halves, wide);
    expect(wide).toEqual(floats);
  });
});
