import { type AdaptedLinear, type LoraSlot, loraNames } from '../../model/adapter.ts';
import type { Step, View } from '../step.ts';
import type { Graph } from './graph.ts';
import { columnsFrom } from './planned-memory.ts';

/** A linear layer of a block, with its low-rank pairs. */
export interface Linear {
  readonly block: number;
  readonly linear: AdaptedLinear;
  readonly outputs: number;
  readonly inputs: number;
}

/** Where outputs `first` … `first + outputs - 1` go. */
export interface Segment {
  readonly first: number;
  readonly outputs: number;
  readonly out: View;
}

/** out = x · Wᵀ + bias + Σ over pairs of scale · (dropped x · Aᵀ) · Bᵀ, by segments of the outputs; without any, only what the backward pass needs. */
export function linearForward(
  graph: Graph,
  layer: Linear,
  x: View,
  segments: readonly Segment[],
  learning: boolean,
): Step[] {
  const { rows } = graph;
  const { inputs } = layer;
  const bias = graph.weights.bias(`${nameOf(layer)}.bias`);
  const products = segments.map(
    ({ first, outputs, out }): Step => ({
      ...{
        kernel: 'matmul',
        rows,
        matrix: `${nameOf(layer)}.weight`,
        firstOutput: first,
        outputs,
        inputs,
        x,
        scale: 1,
      },
      ...{ bias: bias && { ...bias, offset: bias.offset + first }, out, accumulate: false },
    }),
  );
  const pairs = graph.slots(layer.block, layer.linear).flatMap((slot): Step[] => {
    const { rank, scale } = pairOf(graph);
    const { a, b } = loraNames(slot);
    const low = lowRank(graph, slot);
    const dropped = droppedInput(graph, slot, x, learning);
    return [
      ...dropped.steps,
      {
        ...{ kernel: 'matmul', rows, matrix: a, firstOutput: 0, outputs: rank, inputs, x: dropped.view, scale: 1 },
        ...{ out: low, accumulate: false },
      },
      ...segments.flatMap(({ first, outputs, out }): Step[] => {
        const from = Math.max(first, slot.firstOutput);
        const count = Math.min(first + outputs, slot.firstOutput + slot.outputs) - from;
        if (count <= 0) return [];
        return [
          {
            ...{
              kernel: 'matmul',
              rows,
              matrix: b,
              firstOutput: from - slot.firstOutput,
              outputs: count,
              inputs: rank,
            },
            ...{ x: low, scale, out: columnsFrom(out, from - first), accumulate: true },
          },
        ];
      }),
    ];
  });
  return [...products, ...pairs];
}

/**
 * Adds to the gradients of what is trained, then makes dX where it is asked for, which may stand where x does.
 *
 * @param x read only where the layer learns
 */
export function linearBackward(graph: Graph, layer: Linear, x: View, dOut: View, dX: View | undefined): Step[] {
  const { rows, weights } = graph;
  const { outputs, inputs } = layer;
  const dW = weights.gradient(`${nameOf(layer)}.weight`);
  const dBias = weights.gradient(`${nameOf(layer)}.bias`);
  const slots = graph.slots(layer.block, layer.linear);
  return [
    ...(dW ? [{ kernel: 'weightGradient', rows, outputs, inputs, x, dOut, scale: 1, dW } as const] : []),
    ...(dBias ? [{ kernel: 'biasGradient', rows, outputs, dOut, dBias } as const] : []),
    ...slots.flatMap((slot) => pairGradients(graph, slot, x, dOut)),
    ...(dX
      ? [
          {
            ...({ kernel: 'matmulGradient', rows, matrix: `${nameOf(layer)}.weight`, firstOutput: 0 } as const),
            ...{ outputs, inputs, dOut, scale: 1, dX, accumulate: false },
          },
          ...slots.flatMap((slot) => pairInputGradient(graph, slot, dX)),
        ]
      : []),
  ];
}

/** dLow = scale · dOut · B; dB += scale · dOutᵀ · low; dA += dLowᵀ · dropped x. */
function pairGradients(graph: Graph, slot: LoraSlot, x: View, dOut: View): Step[] {
  const { rows, weights } = graph;
  const { outputs, inputs } = slot;
  const { rank, scale } = pairOf(graph);
  const { a, b } = loraNames(slot);
  const dPart = columnsFrom(dOut, slot.firstOutput);
  const dLow = lowRankGradient(graph, slot);
  const dropped = droppedInput(graph, slot, x, true);
  return [
    {
      ...{ kernel: 'matmulGradient', rows, matrix: b, firstOutput: 0, outputs, inputs: rank },
      ...{ dOut: dPart, scale, dX: dLow, accumulate: false },
    },
    {
      ...{ kernel: 'weightGradient', rows, outputs, inputs: rank, x: lowRank(graph, slot), dOut: dPart, scale },
      dW: weights.gradient(b)!,
    },
    ...dropped.steps,
    {
      ...{ kernel: 'weightGradient', rows, outputs: rank, inputs, x: dropped.view, dOut: dLow, scale: 1 },
      dW: weights.gradient(a)!,
    },
  ];
}

/** dX += dLow · A, through the pair's dropout. */
function pairInputGradient(graph: Graph, slot: LoraSlot, dX: View): Step[] {
  const { rows } = graph;
  const { inputs } = slot;
  const { rank, dropout } = pairOf(graph);
  const product = {
    ...({ kernel: 'matmulGradient', rows, matrix: loraNames(slot).a, firstOutput: 0, outputs: rank, inputs } as const),
    ...{ dOut: lowRankGradient(graph, slot), scale: 1 },
  };
  if (dropout === 0) return [{ ...product, dX, accumulate: true }];
  const through = graph.temporary('dropped', inputs);
  return [
    { ...product, dX: through, accumulate: false },
    { kernel: 'dropout', rows, width: inputs, rate: dropout, salt: pairSalt(graph, slot), x: through, out: through },
    { kernel: 'add', rows, width: inputs, a: dX, b: through, out: dX },
  ];
}

/** A pair's input, some of it taken away while learning. */
function droppedInput(graph: Graph, slot: LoraSlot, x: View, learning: boolean): { view: View; steps: Step[] } {
  const { rows } = graph;
  const { inputs: width } = slot;
  const { dropout: rate } = pairOf(graph);
  if (rate === 0 || !learning) return { view: x, steps: [] };
  const out = graph.temporary('dropped', width);
  return { view: out, steps: [{ kernel: 'dropout', rows, width, rate, salt: pairSalt(graph, slot), x, out }] };
}

/** x · Aᵀ, kept. */
const lowRank = (graph: Graph, { block, linear, firstOutput }: LoraSlot): View =>
  graph.kept(block, `${linear}.${firstOutput}.low`, pairOf(graph).rank);

const lowRankGradient = (graph: Graph, { linear, firstOutput }: LoraSlot): View =>
  graph.temporary(`${linear}.${firstOutput}.low`, pairOf(graph).rank);

/** Beyond those of sub-layers, and another for each pair. */
function pairSalt({ options, config }: Graph, slot: LoraSlot): number {
  return 2 * config.nLayer + 1 + (options.method.kind === 'lora' ? options.method.slots.indexOf(slot) : 0);
}

function pairOf({ options: { method } }: Graph): { rank: number; scale: number; dropout: number } {
  if (method.kind !== 'lora') throw new Error('only LoRA has pairs');
  return { rank: method.rank, scale: method.alpha / method.rank, dropout: method.dropout };
}

const nameOf = ({ block, linear }: Linear): string => `blocks.${block}.${linear}`;
