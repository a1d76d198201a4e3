import type { AdaptedLinear, Adapter, LoraPair } from '../../model/adapter.ts';
import type { ModelConfig } from '../../model/config.ts';
import type { TensorPart } from '../../model/tensor.ts';
import { weightShapes } from '../../model/weight-shapes.ts';
import { seededRandom } from '../../platform/seeded-random.ts';

/**
 * An adapter of pairs of any rank on most of a model's matrices: of joined ones sometimes one pair on all of it, sometimes one on each part
 * or on some of them. `strength` is about how large its products are beside those of the weights.
 */
export function randomAdapter(config: ModelConfig, seed: number, strength = 0.5, mostRank = 9): Adapter {
  const random = seededRandom(seed);
  const pairs: LoraPair[] = [];
  for (const { name, rows, columns: inputs, joined = [rows] } of weightShapes(config)) {
    const [, block, linear] = /^blocks\.(\d+)\.(.*)\.weight$/.exec(name) ?? [];
    if (block === undefined || name.includes('orm') || linear === 'convolution.kernel') continue;
    const parts = random() < 0.5 ? [rows] : joined;
    let firstOutput = 0;
    for (const outputs of parts) {
      const rank = 1 + Math.floor(random() * mostRank);
      const values = (count: number, deviation: number): Float32Array =>
        Float32Array.from({ length: count }, () => (random() * 2 - 1) * deviation * Math.sqrt(3));
      if (random() < 0.8)
        pairs.push({
          ...{ block: Number(block), linear: linear as AdaptedLinear, firstOutput, outputs, inputs, rank, scale: 2 },
          a: values(rank * inputs, 1 / Math.sqrt(inputs)),
          b: values(outputs * rank, strength / 2 / Math.sqrt(rank)),
        });
      firstOutput += outputs;
    }
  }
  return { pairs };
}

/** The tensors with W + scale · b a in place of each W: the model that the adapter makes, without one. */
export function mergedTensors(tensors: readonly TensorPart[], adapter: Adapter): TensorPart[] {
  return tensors.map((tensor) => {
    const data = tensor.data.slice();
    for (const { block, linear, firstOutput, outputs, inputs, rank, scale, a, b } of adapter.pairs) {
      if (tensor.name !== `blocks.${block}.${linear}.weight`) continue;
      for (let o = 0; o < outputs; o++) {
        for (let i = 0; i < inputs; i++) {
          let sum = 0;
          for (let j = 0; j < rank; j++) sum += b[o * rank + j] * a[j * inputs + i];
          data[(firstOutput + o) * inputs + i] += scale * sum;
        }
      }
    }
    return { ...tensor, data };
  });
}
