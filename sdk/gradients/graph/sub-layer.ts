import type { Step, View } from '../step.ts';
import type { Graph } from './graph.ts';
import { normBackward, normForward, streamNorm } from './norm.ts';

/** What a sub-layer does between its norms: attention, a convolution or the feed-forward layer. */
export interface Body {
  /** Whether its first linear layer learns: its input has to be there again. */
  readonly needsInput: boolean;
  /** Without `out` only what `backward` needs is made. */
  forward(into: View, out: View | undefined, learning: boolean): Step[];
  /** `dInto` is left out where nothing below learns; it may stand where `into` does. */
  backward(into: View, dOut: View, dInto: View | undefined): Step[];
}

/** A sub-layer: which half of which block (1 or 2, as its norms are called), and what it does. */
export interface SubLayer {
  readonly block: number;
  readonly half: 1 | 2;
  readonly body: Body;
}

/** How a forward pass is done: with dropout or without, and for the first time or again for a backward pass. */
export interface Pass {
  readonly learning: boolean;
  readonly again: boolean;
}

/** out = after(base + dropout(leaving(body(entering(x))))), of whose norms a family has some. */
export function subLayerForward(graph: Graph, layer: SubLayer, x: View, base: View, out: View, pass: Pass): Step[] {
  const { rows, config } = graph;
  const { norms, into, inner } = placesOf(graph, layer, x);
  const sum = norms.after?.sum ?? out;
  const enter = norms.entering ? normForward(graph, norms.entering.norm, x, into, norms.entering.stats) : [];
  const isLast = layer.half === 2 || config.parallelBlock;
  if (pass.again && isLast && !norms.leaving && !norms.after) {
    return [...enter, ...layer.body.forward(into, undefined, pass.learning)];
  }
  const mixed = graph.temporary('mixed', config.nEmbd);
  return [
    ...enter,
    ...layer.body.forward(into, inner, pass.learning),
    ...(norms.leaving ? normForward(graph, norms.leaving.norm, inner, mixed, norms.leaving.stats) : []),
    ...(pass.learning ? dropout(graph, layer, mixed, mixed) : []),
    { kernel: 'add', rows, width: config.nEmbd, a: base, b: mixed, out: sum },
    ...(norms.after ? normForward(graph, norms.after.norm, sum, out, norms.after.stats) : []),
  ];
}

/**
 * Takes d, the gradient of `out`, to that of the residual's base, in place; the gradient of x, where `dX` asks for it, is added to it or replaces it.
 *
 * @param dX may be d, with `accumulate`
 */
export function subLayerBackward(
  graph: Graph,
  layer: SubLayer,
  x: View,
  d: View,
  dX: { readonly view: View; readonly accumulate: boolean } | undefined,
): Step[] {
  const { rows, config } = graph;
  const { norms, into, inner } = placesOf(graph, layer, x);
  const { entering, leaving, after } = norms;
  const mixed = graph.temporary('mixed', config.nEmbd);
  const dropped = dropout(graph, layer, d, mixed);
  const dAdded = dropped.length > 0 ? mixed : d;
  const dInner = leaving ? mixed : dAdded;
  const dInto = dX && graph.temporary('into', config.nEmbd);
  return [
    ...(after ? normBackward(graph, after.norm, after.sum, after.stats, d, d, false) : []),
    ...dropped,
    ...(leaving ? normBackward(graph, leaving.norm, inner, leaving.stats, dAdded, dInner, false) : []),
    ...(entering && layer.body.needsInput ? normForward(graph, entering.norm, x, into) : []),
    ...layer.body.backward(into, dInner, dInto),
    ...(dX && dInto ? intoStream() : []),
  ];

  function intoStream(): Step[] {
    const { view, accumulate } = dX!;
    if (entering) return normBackward(graph, entering.norm, x, entering.stats, dInto!, view, accumulate);
    return [{ kernel: 'add', rows, width: config.nEmbd, a: view, b: dInto!, out: view }];
  }
}

/** Where a sub-layer's values stand between its norms. */
function placesOf(graph: Graph, { block, half }: SubLayer, x: View) {
  const { config } = graph;
  const { nEmbd: C, normPlacement: placement } = config;
  const normOf = (name: string) => ({
    norm: streamNorm(graph, `blocks.${block}.${name}`),
    stats: graph.keptStats(block, name),
  });
  const norms = {
    entering: placement === 'pre' || placement === 'sandwich' ? normOf(`norm${half}`) : undefined,
    leaving: placement === 'output' || placement === 'sandwich' ? normOf(`outputNorm${half}`) : undefined,
    after: placement === 'post' ? { ...normOf(`norm${half}`), sum: graph.kept(block, `sum${half}`, C) } : undefined,
  };
  return {
    norms,
    into: norms.entering ? graph.temporary('into', C) : x,
    inner: norms.leaving ? graph.kept(block, `inner${half}`, C) : graph.temporary('mixed', C),
  };
}

/** Of what a sub-layer adds, and of its gradient. */
function dropout({ rows, config, options }: Graph, { block, half }: SubLayer, x: View, out: View): Step[] {
  const salt = 2 * block + half;
  return options.dropout > 0
    ? [{ kernel: 'dropout', rows, width: config.nEmbd, rate: options.dropout, salt, x, out }]
    : [];
}
