import { expect, it } from 'vitest';
import { calibrationError, correlation, macroF1, matthews, ranks } from './metrics.ts';

// Two labels: 40 and 30 right, 10 and 20 wrong.
const two = [
  [40, 10],
  [20, 30],
];

it("gives Matthews's correlation of two labels by its own formula", () => {
  const byFormula = (40 * 30 - 10 * 20) / Math.sqrt(50 * 50 * 60 * 40);
  expect(matthews(two)).toBeCloseTo(byFormula, 12);
  expect(
    matthews([
      [3, 0],
      [2, 0],
    ]),
  ).toBe(0);
  expect(
    matthews([
      [3, 0, 0],
      [0, 2, 0],
      [0, 0, 4],
    ]),
  ).toBe(1);
});

it('averages F1 over labels that occur', () => {
  expect(macroF1(two)).toBeCloseTo(((2 * 40) / (50 + 60) + (2 * 30) / (50 + 40)) / 2, 12);
  expect(
    macroF1([
      [5, 0, 0],
      [0, 5, 0],
      [0, 0, 0],
    ]),
  ).toBe(1);
});

it('gives the gap between sureness and rightness', () => {
  const right = (score: number) => ({ score, right: true });
  const wrong = (score: number) => ({ score, right: false });
  // 0.95 twice, right once: a gap of 0.45; 0.65 twice, right both times: 0.35.
  expect(calibrationError([right(0.95), wrong(0.95), right(0.65), right(0.65)])).toBeCloseTo((0.45 + 0.35) / 2, 12);
  expect(calibrationError([right(1), right(1)])).toBe(0);
});

it('correlates values and ranks', () => {
  expect(correlation([1, 2, 3], [2, 4, 6])).toBeCloseTo(1, 12);
  expect(correlation([1, 2, 3], [5, 5, 5])).toBe(0);
  expect(ranks([10, 30, 20, 20])).toEqual([0, 3, 1.5, 1.5]);
});
