import { type LoraSlot, loraNames } from '../../model/adapter.ts';
import type { ModelConfig } from '../../model/config.ts';
import { paperConfig } from '../../model/paper-config.ts';
import type { TensorPart } from '../../model/tensor.ts';
import { weightShapes } from '../../model/weight-shapes.ts';
import { seededRandom } from '../../platform/seeded-random.ts';
import type { WeightSource } from '../run/job-control.ts';
import type { TrainingItem, TrainingJob, TrainingSchedule } from '../training-job.ts';

const sizes = { nLayer: 1, nHead: 2, nEmbd: 8, nCtx: 8 };

export const toyConfig: ModelConfig = {
  ...paperConfig(sizes),
  ...sizes,
  architecture: 'gpt2',
  nInner: 16,
  vocabSize: 12,
  activation: 'gelu_new',
  normEpsilon: 1e-5,
  normPlacement: 'pre',
  finalNorm: true,
  tiedHead: true,
  eosTokenIds: [],
  head: { kind: 'sequence-classification', labels: ['no', 'yes'], bias: false },
};

/** Sequences of four to seven tokens, whose label is whether token 3 is among them; their last hidden state is to say so. */
function toyItems(count: number, seed: number): TrainingItem[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => {
    const tokenIds = Uint32Array.from({ length: 4 + Math.floor(random() * 4) }, () => 4 + Math.floor(random() * 8));
    const isYes = random() < 0.5;
    if (isYes) tokenIds[Math.floor(random() * tokenIds.length)] = 3;
    const targets = Int32Array.from(tokenIds, (_, i) => tokenIds[i + 1] ?? -1);
    const places = [{ sequence: 0, token: tokenIds.length - 1 }];
    return { sequences: [{ tokenIds, targets }], outputs: [{ places, target: isYes ? [0, 1] : [1, 0] }] };
  });
}

/** A small model that learns all it has from 24 examples, in three passes to an update of eight. */
export function toyJob(schedule: Partial<TrainingSchedule> = {}, job: Partial<TrainingJob> = {}): TrainingJob {
  return {
    config: toyConfig,
    dtype: 'f32',
    method: { kind: 'full' },
    headKind: 'one label',
    objective: { labels: 1, language: 0.1 },
    learn: toyItems(24, 1),
    held: toyItems(8, 2),
    schedule: {
      steps: 12,
      batchSize: 8,
      tokensAtOnce: 20,
      learningRate: 0.01,
      warmupSteps: 2,
      decay: 'linear',
      finalRate: 0,
      weightDecay: 0.01,
      beta1: 0.9,
      beta2: 0.999,
      epsilon: 1e-8,
      maxNorm: 1,
      dropout: 0.1,
      evaluateEvery: 3,
      patience: 0,
      seed: 5,
      ...schedule,
    },
    checkpointing: false,
    backend: 'wasm',
    ...job,
  };
}

/** First values of everything in a job's config, norms at 1 and biases at 0, and of its low-rank pairs. */
export const toyWeights = ({ config, method }: TrainingJob): WeightSource => {
  const shapes = [...weightShapes(config), ...(method.kind === 'lora' ? method.slots.flatMap(pairShapes) : [])];
  return async (onPart, signal) => {
    const random = seededRandom(7);
    for (const { name, rows, columns } of shapes) {
      signal.throwIfAborted();
      const value = (): number => {
        if (name.includes('orm') && name.endsWith('weight')) return 1;
        return name.endsWith('bias') || name.endsWith('loraB') ? 0 : (random() - 0.5) * 0.2;
      };
      const data = Float32Array.from({ length: rows * columns }, value);
      await onPart({
        name,
        rowOffset: 0,
        rows,
        columns,
        rowStride: columns,
        columnStride: 1,
        data,
      } satisfies TensorPart);
    }
  };
  function pairShapes(slot: LoraSlot) {
    const { a, b } = loraNames(slot);
    const rank = method.kind === 'lora' ? method.rank : 0;
    return [
      { name: a, rows: rank, columns: slot.inputs },
      { name: b, rows: slot.outputs, columns: rank },
    ];
  }
};
