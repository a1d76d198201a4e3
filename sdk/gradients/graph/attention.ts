import type { Step, Vector, View } from '../step.ts';
import type { Graph } from './graph.ts';
import { type Linear, linearBackward, linearForward } from './linear.ts';
import { type Norm, normBackward, normForward } from './norm.ts';
import { columnsFrom } from './planned-memory.ts';
import { rotaryTableOf } from './rotary-tables.ts';
import type { Body } from './sub-layer.ts';

/** Queries, keys and values; norms and turns of the first two; attention; projection. Kept are what attention reads and gives. */
export function attentionBody(graph: Graph, block: number): Body {
  const { rows, config } = graph;
  const { nEmbd: C, nHead, nKvHead, headSize } = config;
  const [A, K] = [nHead * headSize, nKvHead * headSize];
  const joined: Linear = { block, linear: 'attention.qkv', outputs: A + 2 * K, inputs: C };
  const projection: Linear = { block, linear: 'attention.projection', outputs: C, inputs: A };
  const qkv = graph.kept(block, 'qkv', A + 2 * K);
  const heads = graph.kept(block, 'heads', A);
  const norms = queryKeyNorms(graph, block);
  const attended = {
    ...{ rows, nHead, nKvHead, headSize, qkv, window: config.attentionWindow[block] },
    ...{ scale: config.attentionScale[block], softCap: config.attentionSoftCap },
    logSumExp: graph.kept(block, 'logSumExp', nHead),
  };
  // Norms of queries and keys need these as they were; values go to where attention reads them.
  const segments = norms
    ? [
        { first: 0, outputs: A + K, out: norms.raw },
        { first: A + K, outputs: K, out: columnsFrom(qkv, A + K) },
      ]
    : [{ first: 0, outputs: A + 2 * K, out: qkv }];

  return {
    needsInput: graph.learns(block, 'attention.qkv'),
    forward: (into, out, learning) => [
      ...linearForward(graph, joined, into, segments, learning),
      ...(norms?.both.flatMap(({ norm, first, stats }) =>
        normForward(graph, norm, columnsFrom(norms.raw, first), columnsFrom(qkv, first), stats),
      ) ?? []),
      ...turn(graph, block, qkv, false),
      { kernel: 'attention', ...attended, out: heads },
      ...linearForward(graph, projection, heads, out ? [{ first: 0, outputs: C, out }] : [], learning),
    ],
    backward: (into, dOut, dInto) => {
      const dHeads = graph.temporary('heads', Math.max(A, C));
      const dQkv = graph.temporary('wide', A + 2 * K);
      const dHeadsOf = { ...dHeads, stride: A };
      return [
        ...linearBackward(graph, projection, heads, dOut, dHeadsOf),
        { kernel: 'attentionGradient', ...attended, out: heads, dOut: dHeadsOf, dQkv },
        ...turn(graph, block, dQkv, true),
        ...(norms?.both.flatMap(({ norm, first, stats }) => {
          const d = columnsFrom(dQkv, first);
          return normBackward(graph, norm, columnsFrom(norms.raw, first), stats, d, d, false);
        }) ?? []),
        ...linearBackward(graph, joined, into, dQkv, dInto),
      ];
    },
  };
}

/** Turns queries and keys, which stand beside each other, by their position; or their gradients back. */
function turn({ rows, config, weights }: Graph, block: number, qkv: View, back: boolean): Step[] {
  const name = rotaryTableOf(config, block);
  if (name === undefined) return [];
  const { size } = config.rotary[block]!;
  const table = { ...weights.vector(name), stride: size };
  const heads = config.nHead + config.nKvHead;
  return [{ kernel: 'rotate', rows, heads, headSize: config.headSize, size, table, x: qkv, back }];
}

/** What queries and keys were before their norms, and both norms. */
function queryKeyNorms(graph: Graph, block: number) {
  const { queryKeyNorm: kind, nHead, nKvHead, headSize } = graph.config;
  if (kind === 'none') return undefined;
  const [A, K] = [nHead * headSize, nKvHead * headSize];
  const of = (name: string, first: number, heads: number): { norm: Norm; first: number; stats: Vector } => {
    const groups = kind === 'head' ? heads : 1;
    const width = kind === 'head' ? headSize : heads * headSize;
    const norm: Norm = { name: `blocks.${block}.attention.${name}`, groups, width, kind: 'rms' };
    return { norm, first, stats: graph.keptStats(block, name, groups) };
  };
  return {
    raw: graph.kept(block, 'rawQueriesAndKeys', A + K),
    both: [of('queryNorm', 0, nHead), of('keyNorm', A, nKvHead)],
  };
}
