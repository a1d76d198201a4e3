import { describe, expect, it } from 'vitest';
import { exampleLoss, type LossOptions } from './example-loss.ts';
import type { LabelledTexts } from './labelled-texts.ts';

const dataOf = (kind: LabelledTexts['kind'], target: number | number[]): LabelledTexts => ({
  kind,
  labels: ['a', 'b', 'c'],
  inputs: [],
  targets: [target],
});

describe('the gradient of a loss is its slope', () => {
  it.each<[string, LabelledTexts, LossOptions]>([
    ['one label', dataOf('one label', 1), {}],
    ['one label, softened', dataOf('one label', 1), { labelSmoothing: 0.3 }],
    ['one label, weighed', dataOf('one label', 2), { classWeights: [1, 1, 2.5], labelSmoothing: 0.1 }],
    ['labels', dataOf('labels', [1, 0, 1]), {}],
    ['answer', dataOf('answer', 0), {}],
    ['value', dataOf('value', 0.7), {}],
  ])('%s', (_, data, options) => {
    const loss = exampleLoss(data, options);
    const logits = Float64Array.from(data.kind === 'value' ? [0.2] : [0.3, -1.2, 2]);
    const gradient = new Float64Array(logits.length);
    loss(0, logits, gradient);
    const scratch = new Float64Array(logits.length);
    logits.forEach((_, k) => {
      const [up, down] = [1e-5, -1e-5].map((step) => {
        const moved = logits.slice();
        moved[k] += step;
        return loss(0, moved, scratch);
      });
      expect(gradient[k]).toBeCloseTo((up - down) / 2e-5, 6);
    });
  });
});

it('does not overflow with large logits', () => {
  const gradient = new Float64Array(3);
  expect(exampleLoss(dataOf('one label', 0), {})(0, Float64Array.of(1000, -1000, 0), gradient)).toBe(0);
  expect(exampleLoss(dataOf('labels', [1, 0, 1]), {})(0, Float64Array.of(1000, -1000, 1000), gradient)).toBe(0);
  expect([...gradient].every(Number.isFinite)).toBe(true);
});

it('weighs an example by its label', () => {
  const logits = Float64Array.of(0.1, 0.2, 0.3);
  const scratch = new Float64Array(3);
  const plain = exampleLoss(dataOf('one label', 2), {})(0, logits, scratch);
  expect(exampleLoss(dataOf('one label', 2), { classWeights: [1, 1, 3] })(0, logits, scratch)).toBeCloseTo(
    3 * plain,
    12,
  );
});
