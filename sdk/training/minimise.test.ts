import { expect, it } from 'vitest';
import { minimise } from './minimise.ts';

it('finds the minimum of a quadratic form whose directions differ a thousandfold', async () => {
  const curvatures = Float64Array.from({ length: 30 }, (_, i) => 10 ** (i / 10));
  const wanted = Float64Array.from(curvatures, (_, i) => Math.sin(i));
  const { at, value } = await minimise(
    async (x, gradient) => {
      let sum = 0;
      for (let i = 0; i < x.length; i++) {
        gradient[i] = curvatures[i] * (x[i] - wanted[i]);
        sum += (gradient[i] * (x[i] - wanted[i])) / 2;
      }
      return sum;
    },
    new Float64Array(30),
    { mostSteps: 200, tolerance: 1e-8 },
  );
  expect(value).toBeLessThan(1e-12);
  for (let i = 0; i < at.length; i++) expect(at[i]).toBeCloseTo(wanted[i], 6);
});

it('stops where nothing gets better, and leaves its start alone', async () => {
  const start = Float64Array.of(3);
  const seen: number[] = [];
  const found = await minimise(
    async ([x], gradient) => {
      gradient[0] = 4 * x ** 3;
      return x ** 4;
    },
    start,
    { mostSteps: 100, tolerance: 1e-9, onStep: (value) => seen.push(value) },
  );
  expect(start[0]).toBe(3);
  expect(Math.abs(found.at[0])).toBeLessThan(1e-3);
  expect(seen).toHaveLength(found.steps);
  expect([...seen].sort((a, b) => b - a)).toEqual(seen);
});
