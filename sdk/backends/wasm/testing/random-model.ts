import type { ModelConfig } from '../../../model/config.ts';
import { paperConfig } from '../../../model/paper-config.ts';
import type { TensorPart } from '../../../model/tensor.ts';
import { weightShapes } from '../../../model/weight-shapes.ts';
import { seededRandom } from '../../../platform/seeded-random.ts';
import type { CreateEngineBuilder, Engine, EngineOptions } from '../../engine.ts';

/** Floats with mean 0 and the given deviation, close to normal. */
export function randomFloats(random: () => number, length: number, deviation = 1): Float32Array {
  return Float32Array.from({ length }, () => (random() + random() + random() + random() - 2) * 1.732 * deviation);
}

/** A small GPT-2 with odd sizes, changed as told. */
export function smallModel(changes: Partial<ModelConfig> = {}): ModelConfig {
  const { nLayer = 2, nHead = 3, nEmbd = 36, nCtx = 77 } = changes;
  return {
    ...paperConfig({ nLayer, nHead, nEmbd, nCtx }),
    architecture: 'gpt2',
    ...{ nLayer, nHead, nEmbd, nCtx },
    nInner: 100,
    vocabSize: 101,
    activation: 'gelu_new',
    normEpsilon: 1e-5,
    normPlacement: 'pre',
    finalNorm: true,
    attentionScale: new Array<number>(nLayer).fill(0.29),
    tiedHead: true,
    eosTokenIds: [],
    ...changes,
  };
}

export const smallConfig: ModelConfig = smallModel();

/** Every weight of a config, random, of a size that keeps activations lively. */
export function randomTensors(config: ModelConfig, seed: number): TensorPart[] {
  const random = seededRandom(seed);
  return weightShapes(config).map(({ name, rows, columns }) => {
    const data = randomFloats(random, rows * columns, rows === 1 ? 0.3 : 1.2 / Math.sqrt(columns));
    if (name.includes('orm') && name.endsWith('weight')) for (let i = 0; i < data.length; i++) data[i] += 1;
    return { name, rowOffset: 0, rows, columns, rowStride: columns, columnStride: 1, data };
  });
}

/** An engine that holds the tensors given. */
export async function buildEngine(
  create: CreateEngineBuilder,
  config: ModelConfig,
  tensors: readonly TensorPart[],
  options: EngineOptions,
): Promise<Engine> {
  const builder = await create(config, options);
  for (const tensor of tensors) await builder.setTensor(tensor);
  return builder.finish();
}

/** Largest absolute difference; NaN counts as infinite. */
export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  let most = 0;
  for (let i = 0; i < a.length; i++) {
    const difference = Math.abs(a[i] - b[i]);
    if (Number.isNaN(difference)) return Number.POSITIVE_INFINITY;
    most = Math.max(most, difference);
  }
  return most;
}

/** Root of the mean of the squared differences. */
export function typicalDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] - b[i]) ** 2;
  return Math.sqrt(sum / a.length);
}
