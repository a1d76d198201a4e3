import type { LabelLossStep, Rows, Step, View } from '../step.ts';
import type { Graph } from './graph.ts';

/** L2, the loss of the fine-tuned head on final hidden states, with gradients where asked for. Adds to dHidden, where there is any. */
export function labelLoss(
  graph: Graph,
  kind: LabelLossStep['kind'],
  hidden: View,
  gradients: { readonly dHidden?: View } | undefined,
): Step[] {
  const { config, memory, weights, options } = graph;
  const { mostOutputs: most, placesPerOutput: each = 1 } = options;
  const { nEmbd: inputs } = config;
  const outputs = config.head?.labels.length ?? 1;
  const rows: Rows = { of: 'outputs', first: 0, most };
  const rowsOf = (name: string, width: number): View => ({ ...memory.vector(name, most * width), stride: width });
  const [x, logits, dLogits] = [
    rowsOf('gathered', inputs),
    rowsOf('headLogits', outputs),
    rowsOf('dHeadLogits', outputs),
  ];
  const losses = memory.vector('outputLosses', most);
  const product = { matrix: 'score.weight', firstOutput: 0, outputs, inputs } as const;
  const forward: Step[] = [
    { kernel: 'gather', rows, width: inputs, each, x: hidden, out: x },
    {
      ...{ kernel: 'matmul', rows, ...product, x, bias: weights.bias('score.bias'), scale: 1 },
      ...{ out: logits, accumulate: false },
    },
    { kernel: 'labelLoss', rows, width: outputs, kind, logits, dLogits, losses },
    { kernel: 'sum', rows, values: losses, total: { ...memory.vector('losses', 2), offset: 1 } },
  ];
  if (!gradients) return forward;
  const { dHidden } = gradients;
  const dBias = weights.gradient('score.bias');
  return [
    ...forward,
    { kernel: 'weightGradient', rows, ...product, x, dOut: dLogits, scale: 1, dW: weights.gradient('score.weight')! },
    ...(dBias ? [{ kernel: 'biasGradient', rows, outputs, dOut: dLogits, dBias } as const] : []),
    ...(dHidden
      ? ([
          { kernel: 'matmulGradient', rows, ...product, dOut: dLogits, scale: 1, dX: x, accumulate: false },
          { kernel: 'scatter', rows, width: inputs, each, dOut: x, dX: dHidden },
        ] as const)
      : []),
  ];
}
