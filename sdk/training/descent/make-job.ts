import { plainNames } from '../../checkpoint/plain-names.ts';
import { GptletError } from '../../errors/gptlet-error.ts';
import { show } from '../../errors/show.ts';
import type { GptModel } from '../../loaded-model/gpt-model.ts';
import type { ModelConfig } from '../../model/config.ts';
import type { RawConfig, ReadConfig } from '../../model/families/read-config.ts';
import { weightShapes } from '../../model/weight-shapes.ts';
import { seededRandom } from '../../platform/seeded-random.ts';
import { checkTokens } from '../check-tokens.ts';
import type { FineTuneOptions } from '../fine-tune-options.ts';
import type { Pacer } from '../pacer.ts';
import { readFiles } from '../run/weights-of.ts';
import { splitExamples } from '../split-examples.ts';
import type { Task } from '../task-examples.ts';
import type { TrainingJob } from '../training-job.ts';
import { hubConfig, readAnyConfig } from './hub-config.ts';
import { loraSlots } from './lora-slots.ts';
import { type NewTokens, newTokens, vocabularyWith, withNewTokens } from './new-tokens.ts';
import { type PreparedTask, prepareTask } from './prepare-task.ts';
import { scheduleOf } from './schedule.ts';

/** What trains the body. */
export type BodyMethod = 'lora' | 'full';

/** A job, and all that its result needs to become files. */
export interface MadeJob {
  readonly job: TrainingJob;
  readonly task: PreparedTask;
  /** Items that are held out, in the order of `job.held`. */
  readonly held: readonly number[];
  /** config.json of the result, and what it says. */
  readonly rawConfig: RawConfig;
  readonly read: ReadConfig;
  readonly tokenizerFiles: Readonly<Record<string, Uint8Array | undefined>>;
}

/** What is trained of which model, how and for what. */
export interface JobRequest {
  readonly model: GptModel;
  readonly task: Task;
  readonly method: BodyMethod;
  /** Checked, with the table's defaults. */
  readonly given: FineTuneOptions;
}

/**
 * Examples and options as a job.
 *
 * @throws GptletError INVALID_OPTION; UNSUPPORTED_MODEL where the family has no class for the result
 */
export async function makeJob(request: JobRequest, examples: readonly object[], pacer: Pacer): Promise<MadeJob> {
  const { model, task, method, given } = request;
  const { startToken, delimiterToken, extractToken } = given;
  if (method === 'lora') checkTokens(given, model.tokenizer);
  const names = [startToken, delimiterToken, extractToken];
  const added: NewTokens = method === 'full' ? newTokens(names, model.tokenizer) : new Map();
  const prepared = await prepareTask(task, examples, { model, given, added, pacer });
  return jobOf(request, prepared, added);
}

/** The same of examples that have been prepared. */
export async function jobOf(
  { model, task, method, given }: JobRequest,
  prepared: PreparedTask,
  added: NewTokens,
): Promise<MadeJob> {
  const { seed = 0, heldOut = 0.2 } = given;
  const { head, headKind, items } = prepared;
  const files = await readFiles(model);
  const vocabSize = vocabularyWith(added, model.config);
  const { architecture } = model.config;
  const rawConfig = hubConfig(files.rawConfig, {
    architecture,
    vocabSize,
    headless: !head && model.config.head !== undefined,
    task,
    ...(method === 'full' && { head }),
  });
  const read = await readAnyConfig(rawConfig);
  if (method === 'full') requireOwnTensors(read);
  const language = task === 'text' ? 1 : given.objective === 'L3' ? (given.lambda ?? 0.5) : 0;
  const all = items.map((_, i) => i);
  const { learn, held } = splitExamples(all, heldOut, prepared.groupOf, seededRandom(seed));
  const schedule = scheduleOf(given, {
    kind: method,
    examples: learn.length,
    isText: task === 'text',
    hasHeld: held.length > 0,
    width: model.config.nEmbd,
    seed,
  });
  const job: TrainingJob = {
    config: jobConfig(model.config, read.config, { head, language, vocabSize }),
    dtype: method === 'full' ? 'f32' : model.dtype,
    method: method === 'full' ? { kind: 'full' } : loraMethod(model.config, read, given),
    ...(headKind && { headKind }),
    objective: { labels: head ? 1 : 0, language },
    learn: learn.map((i) => items[i]),
    held: held.map((i) => items[i]),
    schedule,
    checkpointing: given.checkpointing ?? false,
    backend: given.backend ?? 'auto',
    ...(given.threads && { threads: given.threads }),
  };
  return { job, task: prepared, held, rawConfig, read, tokenizerFiles: withNewTokens(files.tokenizerFiles, added) };
}

/** The model as it runs, with what is trained on it. Without L1 a head for next tokens is nobody's, and is not among the result's files. */
function jobConfig(
  model: ModelConfig,
  read: ModelConfig,
  { head, language, vocabSize }: { head: ModelConfig['head']; language: number; vocabSize: number },
): ModelConfig {
  const { tiedHead, biases } = language > 0 ? model : read;
  const { head: _, ...body } = model;
  return { ...body, vocabSize, tiedHead, biases, ...(head && { head }) };
}

function loraMethod(config: ModelConfig, { family }: ReadConfig, given: FineTuneOptions): TrainingJob['method'] {
  const { rank = 8, alpha = rank, targets, loraDropout = 0 } = given;
  return { kind: 'lora', slots: loraSlots(config, family.tensorNames, targets), rank, alpha, dropout: loraDropout };
}

/** Files of some families have one tensor for two weights (GPT-J's one norm of a block), which would part while they learn. */
function requireOwnTensors({ config, family }: ReadConfig): void {
  const names = new Set<string>();
  for (const { name } of weightShapes(config)) {
    for (const plain of plainNames(name, config, family.tensorNames)) {
      if (names.has(plain.name))
        throw new GptletError(
          'UNSUPPORTED_MODEL',
          `${show(plain.name)} is one tensor that serves twice in models of this family (${family.modelType}), which method 'full' cannot keep as one; take 'lora'.`,
        );
      names.add(plain.name);
    }
  }
}
