import type { Step, View } from '../step.ts';
import { attentionBody } from './attention.ts';
import { convolutionBody } from './convolution.ts';
import { feedForwardBody } from './feed-forward.ts';
import type { Graph } from './graph.ts';
import { type Pass, type SubLayer, subLayerBackward, subLayerForward } from './sub-layer.ts';

/** From what enters block i to what leaves it. */
export function blockForward(graph: Graph, block: number, pass: Pass): Step[] {
  const { mixer, feedForward, x, middle } = partsOf(graph, block);
  const enters = graph.config.parallelBlock ? x : middle;
  return [
    ...subLayerForward(graph, mixer, x, x, middle, pass),
    ...subLayerForward(graph, feedForward, enters, middle, graph.stream(block + 1), pass),
  ];
}

/** Takes d from the gradient of what leaves block i to that of what enters it, as far down as something learns. */
export function blockBackward(graph: Graph, block: number, d: View): Step[] {
  const { mixer, feedForward, x, middle } = partsOf(graph, block);
  const { rows, config, lowest } = graph;
  const below = 2 * block;
  if (!config.parallelBlock) {
    return [
      ...subLayerBackward(graph, feedForward, middle, d, lowest <= below ? { view: d, accumulate: true } : undefined),
      ...(lowest <= below
        ? subLayerBackward(graph, mixer, x, d, lowest < below ? { view: d, accumulate: true } : undefined)
        : []),
    ];
  }
  // Both read x and are told by the same d, which may be added to when neither needs it any more.
  if (lowest < below) {
    const dFed = graph.temporary('parallel', config.nEmbd);
    return [
      ...subLayerBackward(graph, feedForward, x, d, { view: dFed, accumulate: false }),
      ...subLayerBackward(graph, mixer, x, d, { view: d, accumulate: true }),
      { kernel: 'add', rows, width: config.nEmbd, a: d, b: dFed, out: d },
    ];
  }
  const learns = ({ linear, block: i }: { linear: string; block: number }, mlp: boolean) =>
    i === block && linear.startsWith('mlp.') === mlp;
  const slots = graph.options.method.kind === 'lora' ? graph.options.method.slots : [];
  return [
    ...(slots.some((slot) => learns(slot, true)) ? subLayerBackward(graph, feedForward, x, d, undefined) : []),
    ...(slots.some((slot) => learns(slot, false)) ? subLayerBackward(graph, mixer, x, d, undefined) : []),
  ];
}

function partsOf(graph: Graph, block: number) {
  const isAttention = graph.config.blockKind[block] === 'attention';
  const mixer: SubLayer = {
    ...{ block, half: 1 },
    body: isAttention ? attentionBody(graph, block) : convolutionBody(graph, block),
  };
  const feedForward: SubLayer = { block, half: 2, body: feedForwardBody(graph, block) };
  return { mixer, feedForward, x: graph.stream(block), middle: graph.kept(block, 'middle', graph.config.nEmbd) };
}
