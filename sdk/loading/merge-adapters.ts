import type { Adapter, LoraPair } from '../model/adapter.ts';
import type { TensorPart } from '../model/tensor.ts';

/** A model's weights as they come, W + scale · b a in place of each W that an adapter changes (Hu et al., LoRA, 2021). */
export function mergeAdapters(
  parts: AsyncIterable<TensorPart>,
  adapters: readonly Adapter[],
): AsyncIterable<TensorPart> {
  const pairs = groupPairs(adapters);
  return pairs.size > 0 ? mergeEach(parts, pairs) : parts;
}

type PairsByName = ReadonlyMap<string, readonly LoraPair[]>;

function groupPairs(adapters: readonly Adapter[]): PairsByName {
  const byName = new Map<string, LoraPair[]>();
  for (const pair of adapters.flatMap((adapter) => adapter.pairs)) {
    const name = `blocks.${pair.block}.${pair.linear}.weight`;
    byName.set(name, [...(byName.get(name) ?? []), pair]);
  }
  return byName;
}

async function* mergeEach(parts: AsyncIterable<TensorPart>, byName: PairsByName): AsyncGenerator<TensorPart> {
  for await (const part of parts) {
    const pairs = byName.get(part.name) ?? [];
    // What is quantised is so no more; the engine quantises it again.
    const merged = pairs.length > 0 && part.quantised ? { ...part, data: part.data, quantised: undefined } : part;
    for (const pair of pairs) addPair(merged, pair);
    yield merged;
  }
}

/** In place: a part's values are copies of the file's. */
function addPair({ data, rowOffset, rows, rowStride, columnStride }: TensorPart, pair: LoraPair): void {
  const { firstOutput, outputs, inputs, rank, scale, a, b } = pair;
  const end = Math.min(rows, firstOutput + outputs - rowOffset);
  for (let r = Math.max(0, firstOutput - rowOffset); r < end; r++) {
    const o = rowOffset + r - firstOutput;
    for (let j = 0; j < rank; j++) {
      const factor = scale * b[o * rank + j];
      for (let i = 0, at = r * rowStride; i < inputs; i++, at += columnStride) data[at] += factor * a[j * inputs + i];
    }
  }
}
