import { expect, it } from 'vitest';
import { seededRandom } from '../platform/seeded-random.ts';
import { splitExamples } from './split-examples.ts';

const items = Array.from({ length: 100 }, (_, i) => i);
const isRare = (item: number): boolean => item % 10 === 0;

it('holds out the same share of each group, and nothing twice', () => {
  const { learn, held } = splitExamples(items, 0.2, isRare, seededRandom(1));
  expect(held.filter(isRare)).toHaveLength(2);
  expect(held).toHaveLength(20);
  expect([...learn, ...held].sort((a, b) => a - b)).toEqual(items);
});

it('is the same for the same seed, another for another', () => {
  const heldBy = (seed: number): number[] => splitExamples(items, 0.2, isRare, seededRandom(seed)).held;
  expect(heldBy(3)).toEqual(heldBy(3));
  expect(heldBy(4)).not.toEqual(heldBy(3));
});

it('leaves a group of one to learn from', () => {
  expect(splitExamples([7], 0.9, () => 0, seededRandom(1))).toEqual({ learn: [7], held: [] });
});
