import type { Step } from '../step.ts';
import type { Graph } from './graph.ts';

/** Gradients and losses to 0. */
export function clearSteps({ memory, weights }: Graph): Step[] {
  return [
    {
      kernel: 'fill',
      at: memory.vector('gradients', weights.parameterCount),
      length: weights.parameterCount,
      value: 0,
    },
    { kernel: 'fill', at: memory.vector('losses', 2), length: 2, value: 0 },
  ];
}

/** The gradients' global norm, then AdamW: with decay on matrices, without on norms and biases. */
export function updateSteps({ memory, weights, options }: Graph): Step[] {
  const { parameterCount: count, decayed } = weights;
  for (const name of ['parameters', 'firstMoments', 'secondMoments']) memory.vector(name, count);
  const norm = memory.vector('norm', 1);
  const ranges = [
    { offset: 0, length: decayed, decay: options.adamW.decay },
    { offset: decayed, length: count - decayed, decay: 0 },
  ];
  return [
    { kernel: 'squareSum', at: memory.vector('gradients', count), length: count, norm },
    ...ranges
      .filter(({ length }) => length > 0)
      .map((range): Step => ({ kernel: 'adamW', ...options.adamW, ...range })),
  ];
}
