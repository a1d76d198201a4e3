import { type LoraSlot, loraNames } from '../../model/adapter.ts';
import type { ModelConfig } from '../../model/config.ts';
import type { TensorPart } from '../../model/tensor.ts';
import { weightShapes } from '../../model/weight-shapes.ts';
import { seededRandom } from '../../platform/seeded-random.ts';

/** Of new weights that nothing is known of: GPT's and GPT-2's. */
const deviation = 0.02;

/** Values of a normal distribution around 0 (Box and Muller, 1958), the same for the same seed. */
export function normalRandom(random: () => number): () => number {
  let kept: number | undefined;
  return () => {
    if (kept !== undefined) {
      const value = kept;
      kept = undefined;
      return value;
    }
    const radius = Math.sqrt(-2 * Math.log(1 - random()));
    const angle = 2 * Math.PI * random();
    kept = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  };
}

export const wholePart = (name: string, rows: number, columns: number, data: Float32Array): TensorPart => ({
  name,
  rowOffset: 0,
  rows,
  columns,
  rowStride: columns,
  columnStride: 1,
  data,
});

/** A head's weight and bias before it has learnt anything, as the hub's classes begin with them. */
export function newHead({ head, nEmbd }: ModelConfig, seed: number): TensorPart[] {
  if (!head) return [];
  const normal = normalRandom(seededRandom(seed + 1));
  const K = head.labels.length;
  const weight = Float32Array.from({ length: K * nEmbd }, () => deviation * normal());
  return [
    wholePart('score.weight', K, nEmbd, weight),
    ...(head.bias ? [wholePart('score.bias', 1, K, new Float32Array(K))] : []),
  ];
}

/** Low-rank factors that change nothing yet: `a` uniform within 1 / √inputs, `b` all zeros, as PEFT begins with them. */
export function newFactors(slots: readonly LoraSlot[], rank: number, seed: number): TensorPart[] {
  const random = seededRandom(seed + 2);
  return slots.flatMap((slot) => {
    const { inputs, outputs } = slot;
    const bound = 1 / Math.sqrt(inputs);
    const names = loraNames(slot);
    const a = Float32Array.from({ length: rank * inputs }, () => bound * (2 * random() - 1));
    return [wholePart(names.a, rank, inputs, a), wholePart(names.b, outputs, rank, new Float32Array(outputs * rank))];
  });
}

/**
 * Rows that new tokens get in an embedding, or in a head of its own: the mean of the others, which no token is far from being able to say
 * (Hewitt, 2021), and noise as GPT (2018) drew them, so that they differ.
 *
 * @param mean of the `first` rows that there were, (C)
 */
export function newRows(
  name: string,
  { mean, first, rows }: { readonly mean: Float64Array; readonly first: number; readonly rows: number },
  seed: number,
): TensorPart {
  const normal = normalRandom(seededRandom(seed + 3));
  const columns = mean.length;
  const data = Float32Array.from({ length: rows * columns }, (_, i) => mean[i % columns] + deviation * normal());
  return { ...wholePart(name, rows, columns, data), rowOffset: first };
}

/**
 * A model's weights before it has seen a text, as GPT-2's: normal, what is added to the stream smaller by √(2 L); biases 0, norms 1.
 *
 * @yields parts, one weight at a time
 */
export function* randomWeights(config: ModelConfig, seed: number): Generator<TensorPart> {
  const normal = normalRandom(seededRandom(seed));
  for (const { name, rows, columns, isVector } of weightShapes(config)) {
    const isSum = /\.(attention\.projection|mlp\.down)\.weight$/.test(name);
    const scale = deviation / (isSum ? Math.sqrt(2 * config.nLayer) : 1);
    const isNorm = isVector && name.endsWith('.weight');
    const value = isVector ? () => (isNorm ? 1 : 0) : () => scale * normal();
    yield wholePart(name, rows, columns, Float32Array.from({ length: rows * columns }, value));
  }
}
