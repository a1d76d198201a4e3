import type { Step, View } from '../step.ts';
import type { Graph } from './graph.ts';

const salt = 0;

/** Tokens and positions into what enters the first block. */
export function embeddingForward(graph: Graph, learning: boolean): Step[] {
  const { rows, config, weights, options } = graph;
  const out = graph.stream(0);
  const width = config.nEmbd;
  const positionTable = config.learnedPositions ? { ...weights.vector('positionEmbedding'), stride: width } : undefined;
  const { dropout: rate } = options;
  return [
    { kernel: 'embed', rows, width, table: 'tokenEmbedding', scale: config.embeddingScale, positionTable, out },
    ...(learning && rate > 0 ? [{ kernel: 'dropout', rows, width, rate, salt, x: out, out } as const] : []),
  ];
}

/** Gradients of both tables, where they are trained. */
export function embeddingBackward(graph: Graph, d: View): Step[] {
  const { rows, config, weights, options } = graph;
  const width = config.nEmbd;
  const dTable = weights.gradient('tokenEmbedding');
  if (!dTable) return [];
  const dPositionTable = weights.gradient('positionEmbedding');
  const { dropout: rate } = options;
  return [
    ...(rate > 0 ? [{ kernel: 'dropout', rows, width, rate, salt, x: d, out: d } as const] : []),
    { kernel: 'embedGradient', rows, width, scale: config.embeddingScale, dOut: d, dTable, dPositionTable },
  ];
}
