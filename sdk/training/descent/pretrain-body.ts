import { GptletError } from '../../errors/gptlet-error.ts';
import { seededRandom } from '../../platform/seeded-random.ts';
import type { Evaluation } from '../evaluation.ts';
import type { Pacer } from '../pacer.ts';
import type { PretrainConfig, PretrainOptions } from '../pretrain-options.ts';
import { createTrainedModel, type TrainedModel } from '../results/trained-model.ts';
import type { WeightSource } from '../run/job-control.ts';
import { runJob } from '../run/run-job.ts';
import { splitExamples } from '../split-examples.ts';
import { type TrainedTokenizer, trainTokenizer } from '../tokenizer/train-tokenizer.ts';
import type { TrainingControl } from '../training.ts';
import type { JobParameters, TrainingItem, TrainingJob } from '../training-job.ts';
import { encodeText } from './encode-text.ts';
import { readAnyConfig } from './hub-config.ts';
import { randomWeights } from './new-weights.ts';
import { scheduleOf } from './schedule.ts';
import { pieces } from './text-items.ts';

type Size = Required<Pick<PretrainConfig, 'layers' | 'heads' | 'width' | 'context'>> & PretrainConfig;

/** Trains a model's vocabulary, then the model. Its code comes when it is needed. */
export async function pretrainBody(
  size: Size,
  texts: readonly string[],
  given: PretrainOptions,
  control: TrainingControl,
): Promise<TrainedModel> {
  const { pacer, signal } = control;
  const { seed = 0, heldOut = 0.02 } = given;
  const trained = given.tokenizer ?? (await tokenizerOf(size, texts, control));
  const rawConfig = gpt2Config(size, trained);
  const read = await readAnyConfig(rawConfig);
  const { config } = read;
  const items = await storyItems(texts, trained, config.nCtx, pacer);
  const all = items.map((_, i) => i);
  const { learn, held } = splitExamples(all, heldOut, () => undefined, seededRandom(seed));
  const schedule = scheduleOf(
    { ...given, batchSize: given.batchSize ?? usualBatch(items, config.nCtx) },
    {
      kind: 'pretrain',
      examples: learn.length,
      isText: true,
      hasHeld: held.length > 0,
      width: config.nEmbd,
      seed,
    },
  );
  const job: TrainingJob = {
    config,
    dtype: 'f32',
    method: { kind: 'full' },
    objective: { labels: 0, language: 1 },
    learn: learn.map((i) => items[i]),
    held: held.map((i) => items[i]),
    schedule,
    checkpointing: given.checkpointing ?? false,
    backend: given.backend ?? 'auto',
    ...(given.threads && { threads: given.threads }),
  };
  const evaluationOf = (loss: number | undefined): Evaluation | undefined =>
    loss === undefined ? undefined : { examples: held.length, loss, perplexity: Math.exp(loss), mostWrong: [] };
  const model = (parameters: JobParameters, loss: number | undefined, warnings: readonly string[]): TrainedModel => {
    const evaluation = evaluationOf(loss);
    const said = { task: 'text' as const, labels: [], ...(evaluation && { evaluation }), warnings };
    return createTrainedModel({ ...said, rawConfig, read, tokenizerFiles: trained.files, parameters });
  };
  const weights: WeightSource = async (onPart) => {
    for (const part of randomWeights(config, seed)) await onPart(part);
  };
  const { onSnapshot } = given;
  const result = await runJob(job, weights, {
    pacer,
    signal,
    storage: given.storage,
    onProgress: ({ heldLoss, heldLogits: _, ...progress }) => {
      const evaluation = evaluationOf(heldLoss);
      control.onProgress({ stage: 'learn', ...progress, ...(evaluation && { evaluation }) });
    },
    ...(onSnapshot && { onParameters: (parameters, step) => onSnapshot(model(parameters, undefined, []), { step }) }),
  });
  return model(result.parameters, result.heldLoss, result.warnings);
}

function tokenizerOf(
  { vocabSize = 2048 }: Size,
  texts: readonly string[],
  { signal, onProgress }: TrainingControl,
): Promise<TrainedTokenizer> {
  return trainTokenizer(texts, {
    vocabSize,
    signal,
    onProgress: (share) => onProgress({ stage: 'prepare', step: Math.round(100 * share), steps: 100 }),
  });
}

/** config.json of the hub's GPT-2. */
function gpt2Config({ layers, heads, width, context, inner, vocabSize }: Size, { tokenizer }: TrainedTokenizer) {
  const rows = Math.max(tokenizer.vocabSize, vocabSize ?? 0);
  if (vocabSize !== undefined && tokenizer.vocabSize > vocabSize)
    throw new GptletError(
      'INVALID_OPTION',
      `vocabSize is ${vocabSize}, and the tokenizer has ${tokenizer.vocabSize} tokens; leave vocabSize out, or train a smaller one.`,
    );
  const end = endOfText({ tokenizer });
  return {
    architectures: ['GPT2LMHeadModel'],
    model_type: 'gpt2',
    vocab_size: rows,
    n_positions: context,
    n_embd: width,
    n_layer: layers,
    n_head: heads,
    n_inner: inner ?? null,
    activation_function: 'gelu_new',
    layer_norm_epsilon: 1e-5,
    initializer_range: 0.02,
    tie_word_embeddings: true,
    bos_token_id: end,
    eos_token_id: end,
    torch_dtype: 'float32',
  };
}

/** The first special token ends a text and stands before the first word of all. */
function endOfText({ tokenizer }: Pick<TrainedTokenizer, 'tokenizer'>): number {
  const [first] = tokenizer.specialTokens.values();
  if (first !== undefined) return first;
  throw new GptletError(
    'INVALID_OPTION',
    'The tokenizer has no special token, which has to end a text; train one that has.',
  );
}

/**
 * Texts with what ends them, a long one in pieces of the context. Every other one begins with the token that ended the one before, so that
 * the model learns to begin by itself, and to go on from what it is given alone.
 */
async function storyItems(
  texts: readonly string[],
  { tokenizer }: TrainedTokenizer,
  context: number,
  pacer: Pacer,
): Promise<TrainingItem[]> {
  const end = endOfText({ tokenizer });
  const items: TrainingItem[] = [];
  for (const [i, text] of texts.entries()) {
    if (text === '') continue;
    const tokenIds = await encodeText(text, tokenizer, pacer);
    const whole = new Uint32Array(tokenIds.length + 1 + (i % 2)).fill(end);
    whole.set(tokenIds, i % 2);
    items.push(...pieces(whole, context));
    if (pacer.isDue) await pacer.rest();
  }
  return items;
}

/** As many texts as have the tokens of sixteen contexts. */
function usualBatch(items: readonly TrainingItem[], context: number): number {
  const tokens = items.reduce((sum, { sequences: [{ tokenIds }] }) => sum + tokenIds.length, 0);
  return Math.max(16, Math.round((16 * context * items.length) / tokens));
}
