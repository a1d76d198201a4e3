import type { Step } from '../step.ts';
import type { Graph } from './graph.ts';
import { type Linear, linearBackward, linearForward } from './linear.ts';
import type { Body } from './sub-layer.ts';

/** down(activation(up)), gated or not. Kept is what `up` gives; its activation is made again, and its gradient replaces it. */
export function feedForwardBody(graph: Graph, block: number): Body {
  const { rows, config } = graph;
  const { nEmbd: C, nInner, gatedMlp: gated, activation } = config;
  const outputs = gated ? 2 * nInner : nInner;
  const up: Linear = { block, linear: 'mlp.up', outputs, inputs: C };
  const down: Linear = { block, linear: 'mlp.down', outputs: C, inputs: nInner };
  const x = graph.kept(block, 'up', outputs);
  const active = graph.temporary('wide', nInner);
  const activate: Step = { kernel: 'activate', rows, width: nInner, gated, activation, x, out: active };

  return {
    needsInput: graph.learns(block, 'mlp.up'),
    forward: (into, out, learning) => [
      ...linearForward(graph, up, into, [{ first: 0, outputs, out: x }], learning),
      ...(out || graph.slots(block, 'mlp.down').length > 0 ? [activate] : []),
      ...linearForward(graph, down, active, out ? [{ first: 0, outputs: C, out }] : [], learning),
    ],
    backward: (into, dOut, dInto) => [
      ...(graph.learns(block, 'mlp.down') ? [activate] : []),
      ...linearBackward(graph, down, active, dOut, active),
      { kernel: 'activateGradient', rows, width: nInner, gated, activation, x, dOut: active, dX: x },
      ...linearBackward(graph, up, into, x, dInto),
    ],
  };
}
