import type { Step, Vector, View } from '../step.ts';
import type { Graph } from './graph.ts';
import { type Linear, linearBackward, linearForward } from './linear.ts';
import type { Body } from './sub-layer.ts';

/** LFM2's short convolution between two linear layers. Kept is what the first gives. */
export function convolutionBody(graph: Graph, block: number): Body {
  const { rows, config, weights } = graph;
  const { nEmbd: C, convolutionSize: size } = config;
  const kernel = `blocks.${block}.convolution.kernel`;
  const enter: Linear = { block, linear: 'convolution.in', outputs: 3 * C, inputs: C };
  const leave: Linear = { block, linear: 'convolution.out', outputs: C, inputs: C };
  const gates = graph.kept(block, 'gates', 3 * C);
  const mixed = graph.temporary('heads', C);
  const convolved = { rows, width: C, size, x: gates };
  const weight: Vector = weights.vector(`${kernel}.weight`);
  const bias = weights.bias(`${kernel}.bias`);
  const convolve: Step = { kernel: 'convolution', ...convolved, weight, bias, out: mixed };

  return {
    needsInput: graph.learns(block, 'convolution.in'),
    forward: (into, out, learning) => [
      ...linearForward(graph, enter, into, [{ first: 0, outputs: 3 * C, out: gates }], learning),
      convolve,
      ...linearForward(graph, leave, mixed, out ? [{ first: 0, outputs: C, out }] : [], learning),
    ],
    backward: (into, dOut, dInto) => {
      const dGates = graph.temporary('wide', 3 * C);
      return [
        ...(graph.learns(block, 'convolution.out') ? [convolve] : []),
        ...linearBackward(graph, leave, mixed, dOut, mixed),
        ...kernelGradient(mixed),
        { kernel: 'convolutionGradient', ...convolved, weight, bias, dOut: mixed, dX: dGates },
        ...linearBackward(graph, enter, into, dGates, dInto),
      ];
    },
  };

  function kernelGradient(dOut: View): Step[] {
    const dWeight = weights.gradient(`${kernel}.weight`);
    const dBias = weights.gradient(`${kernel}.bias`);
    return dWeight ? [{ kernel: 'convolutionWeightGradient', ...convolved, dOut, dWeight, dBias }] : [];
  }
}
