import type { AdaptedLinear, Adapter } from '../../model/adapter.ts';
import { linear } from './operations.ts';
import type { NamedWeights } from './weights.ts';

/** The product of a block's matrix with x, its bias added, and what an adapter adds. */
export type Multiply = (name: AdaptedLinear, x: Float64Array, outputs: number) => Float64Array;

/** The products of one block. `weight` knows names without `blocks.i.`. */
export function adaptedLinear(weight: NamedWeights, layer: number, adapter: Adapter | undefined): Multiply {
  return (name, x, outputs) => {
    const y = linear(x, weight(`${name}.weight`), outputs, weight(`${name}.bias`));
    for (const pair of adapter?.pairs ?? []) {
      if (pair.block !== layer || pair.linear !== name) continue;
      const added = linear(linear(x, pair.a, pair.rank), pair.b, pair.outputs);
      for (let o = 0; o < pair.outputs; o++) y[pair.firstOutput + o] += pair.scale * added[o];
    }
    return y;
  };
}
