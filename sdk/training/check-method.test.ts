import { describe, expect, it } from 'vitest';
import { checkMethod } from './check-method.ts';
import type { FineTuneOptions } from './fine-tune-options.ts';
import type { Task } from './task-examples.ts';

describe('checkMethod', () => {
  it('takes the usual method of the task', () => {
    const tasks: Task[] = ['classification', 'choice', 'tokens', 'text'];
    expect(tasks.map((task) => checkMethod(task, {}))).toEqual(['head', 'head', 'lora', 'lora']);
    expect(checkMethod('text', { method: 'full' })).toBe('full');
  });

  it.each<[Task, FineTuneOptions, RegExp]>([
    [
      'classification',
      { learningRate: 0.1 },
      /^learningRate is an option of method 'lora' and 'full', and the method is 'head'.* say which/,
    ],
    [
      'classification',
      { method: 'full', rank: 4 },
      /^rank is an option of method 'lora', and the method is 'full'; leave it out\.$/,
    ],
    ['classification', { method: 'lora', l2: 1 }, /^l2 is an option of method 'head'/],
    ['classification', { method: 'lora', onSnapshot: () => {} }, /^onSnapshot is an option of method 'full'/],
    ['text', { method: 'head' }, /^method is 'head', which labels whole texts; .* 'lora' or 'full'/],
    ['text', { labelSmoothing: 0.1 }, /^labelSmoothing is for examples with labels/],
    ['text', { objective: 'L3' }, /^objective is for examples with labels/],
    ['text', { startToken: '<s>' }, /^startToken is for examples with labels/],
    ['tokens', { truncation: 'tail' }, /^truncation is for labels of whole texts/],
    ['tokens', { classWeights: 'balanced' }, /^classWeights is for labels of whole texts/],
    ['classification', { method: 'lora', epochs: 2, steps: 10 }, /^epochs is 2 and steps is 10; .* give one/],
    ['classification', { method: 'lora', lambda: 0.5 }, /^lambda weighs .* set objective to 'L3'/],
    [
      'classification',
      { method: 'full', truncation: 'windows' },
      /^truncation is 'windows', which method 'head' alone/,
    ],
  ])('refuses for %s %o', (task, options, message) => {
    expect(() => checkMethod(task, options)).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION', message: expect.stringMatching(message) }),
    );
  });

  it('takes what was not given for not given', () => {
    expect(checkMethod('classification', { rank: undefined, lambda: null as never })).toBe('head');
  });
});
