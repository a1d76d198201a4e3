import { describe, expect, it } from 'vitest';
import { lossCurve } from './loss-curve.ts';

const xs = (svg: string, kind: string): string[] =>
  svg
    .match(new RegExp(`class="${kind}" points="([^"]*)"`))?.[1]
    .split(' ')
    .filter(Boolean) ?? [];

describe('the curve of a training', () => {
  const points = Array.from({ length: 100 }, (_, i) => ({
    step: i + 1,
    loss: 8 * 0.97 ** i + (i % 2),
    ...((i + 1) % 25 === 0 && { heldLoss: 8 * 0.97 ** i }),
  }));
  const svg = lossCurve(points);

  it('has a point a step, one an evaluation, and stays inside its axes', () => {
    expect(xs(svg, 'own')).toHaveLength(100);
    expect(xs(svg, 'held')).toHaveLength(4);
    for (const point of [...xs(svg, 'own'), ...xs(svg, 'mean'), ...xs(svg, 'held')]) {
      const [x, y] = point.split(',').map(Number);
      expect(x).toBeGreaterThanOrEqual(60);
      expect(x).toBeLessThanOrEqual(700);
      expect(y).toBeGreaterThanOrEqual(40);
      expect(y).toBeLessThanOrEqual(310);
    }
  });

  it('falls where the loss falls', () => {
    const ys = xs(svg, 'mean').map((point) => Number(point.split(',')[1]));
    expect(ys[99]).toBeGreaterThan(ys[0] + 100);
  });

  it.each([
    ['one step', [{ step: 1, loss: 2 }]],
    [
      'a loss that stays',
      [
        { step: 1, loss: 0 },
        { step: 2, loss: 0 },
      ],
    ],
    [
      'a loss that became NaN',
      [
        { step: 1, loss: 3 },
        { step: 2, loss: Number.NaN },
      ],
    ],
  ])('is whole for %s', (_, few) => {
    expect(lossCurve(few)).not.toMatch(/NaN|Infinity|undefined/);
  });
});
