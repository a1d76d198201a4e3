import type { DescentOptions } from '../descent-options.ts';
import type { TrainingSchedule } from '../training-job.ts';

/** What a training is by its kind: where its defaults come from. */
export type DescentKind = 'lora' | 'full' | 'pretrain';

/** What a schedule depends on besides options. */
export interface DescentSize {
  readonly kind: DescentKind;
  /** Items that are learnt from, and whether they are text alone. */
  readonly examples: number;
  readonly isText: boolean;
  readonly hasHeld: boolean;
  /** C */
  readonly width: number;
  readonly seed: number;
}

/** Peak rates for a width of 768: GPT (2018), LoRA's of RoBERTa base (Hu et al., 2021, table 9), GPT-3 of 125 M (table 2.1). */
const peaks = { full: 6.25e-5, lora: 5e-4, pretrain: 6e-4 };
/** Fewer updates than this teach nothing, however few the examples are. */
const fewestSteps = 100;
const usualEpochs = 3;

/** How long, how fast and how carefully: options, and for what they leave open the papers' values. */
export function scheduleOf(options: DescentOptions, size: DescentSize): TrainingSchedule {
  const { kind, examples, width, seed } = size;
  const pretrains = kind === 'pretrain';
  const batchSize = Math.min(examples, options.batchSize ?? usualBatch(size));
  const perEpoch = Math.ceil(examples / batchSize);
  const usualSteps = Math.max((pretrains ? 1 : usualEpochs) * perEpoch, fewestSteps);
  const steps =
    options.steps ?? (options.epochs == null ? usualSteps : Math.max(1, Math.round(options.epochs * perEpoch)));
  const warmup = options.warmup ?? (pretrains ? Math.min(100, Math.floor(steps / 10)) : 0.06);
  const schedule = options.schedule ?? (pretrains ? 'cosine' : 'linear');
  return {
    steps,
    batchSize,
    tokensAtOnce: options.tokensAtOnce ?? 1024,
    learningRate: options.learningRate ?? (peaks[kind] * 768) / width,
    warmupSteps: Math.min(steps, warmup < 1 ? Math.round(warmup * steps) : Math.round(warmup)),
    decay: schedule,
    finalRate: schedule === 'cosine' ? 0.05 : 0,
    weightDecay: options.weightDecay ?? (pretrains ? 0.1 : 0.01),
    beta1: 0.9,
    beta2: pretrains ? 0.95 : 0.999,
    epsilon: 1e-8,
    maxNorm: options.clip ?? 1,
    dropout: options.dropout ?? (kind === 'full' ? 0.1 : 0),
    evaluateEvery: Math.min(steps, options.evaluateEvery ?? usualEvery(perEpoch, steps)),
    patience: size.hasHeld ? (options.patience ?? (pretrains ? 0 : 5)) : 0,
    seed,
  };
}

/** An epoch, between a twentieth and a quarter of all steps. */
const usualEvery = (perEpoch: number, steps: number): number =>
  Math.max(Math.ceil(steps / 20), Math.min(perEpoch, Math.ceil(steps / 4)));

function usualBatch({ examples, isText }: DescentSize): number {
  if (isText) return 8;
  return Math.max(4, Math.min(32, Math.floor(examples / 8)));
}
