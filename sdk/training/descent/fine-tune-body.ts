import type { GptModel } from '../../loaded-model/gpt-model.ts';
import { type LoraPair, loraNames } from '../../model/adapter.ts';
import type { Evaluation } from '../evaluation.ts';
import type { FineTuneOptions } from '../fine-tune-options.ts';
import { bodyOf } from '../head-data.ts';
import { createTrainedAdapter, type TrainedAdapter } from '../results/trained-adapter.ts';
import { createTrainedModel, type TrainedModel } from '../results/trained-model.ts';
import { runJob } from '../run/run-job.ts';
import { weightsOf } from '../run/weights-of.ts';
import type { Task } from '../task-examples.ts';
import type { TrainingControl } from '../training.ts';
import type { JobParameters, JobProgress, JobResult } from '../training-job.ts';
import { firstWeights } from './first-weights.ts';
import { hubConfig } from './hub-config.ts';
import { type BodyMethod, type MadeJob, makeJob } from './make-job.ts';

/** Trains a model's body, with a head where the task has one. Its code comes when it is needed. */
export async function fineTuneBody(
  model: GptModel,
  { task, method, examples }: { task: Task; method: BodyMethod; examples: readonly object[] },
  given: FineTuneOptions,
  control: TrainingControl,
): Promise<TrainedAdapter<Task> | TrainedModel> {
  control.onProgress({ stage: 'prepare', step: 0 });
  const made = await makeJob({ model, task, method, given }, examples, control.pacer);
  const { job } = made;
  const { seed } = job.schedule;
  const lora = job.method.kind === 'lora' ? job.method : undefined;
  const weights = firstWeights(weightsOf(model), { config: job.config, vocabSize: model.config.vocabSize, lora, seed });
  const { onSnapshot } = given;
  const result = await runJob(job, weights, {
    pacer: control.pacer,
    signal: control.signal,
    storage: given.storage,
    onProgress: (progress) => control.onProgress(shownProgress(made, progress)),
    ...(onSnapshot && {
      onParameters: (parameters, step) =>
        onSnapshot(trainedModel(model, task, made, { parameters, warnings: [] }, undefined), { step }),
    }),
  });
  const evaluation = evaluationOf(made, result.heldLogits, result.heldLoss);
  if (!lora) return trainedModel(model, task, made, result, evaluation);
  const pairs = lora.slots.map((slot): LoraPair => {
    const names = loraNames(slot);
    const [a, b] = [result.parameters[names.a].data, result.parameters[names.b].data];
    return { ...slot, rank: lora.rank, scale: lora.alpha / lora.rank, a, b };
  });
  return createTrainedAdapter({
    task,
    labels: made.task.head?.labels ?? [],
    ...(evaluation && { evaluation }),
    warnings: [...made.task.warnings, ...result.warnings],
    rawConfig: made.rawConfig,
    config: model.config,
    body: bodyOf(model.config),
    head: made.task.head && {
      config: made.task.head,
      weight: result.parameters['score.weight'].data,
      bias: result.parameters['score.bias']?.data,
    },
    dropout: lora.dropout,
    pairs,
  });
}

function trainedModel(
  model: GptModel,
  task: Task,
  made: MadeJob,
  { parameters, warnings: told }: { parameters: JobParameters; warnings: readonly string[] },
  evaluation: Evaluation | undefined,
): TrainedModel {
  const { head, warnings: doubts } = made.task;
  const { architecture } = model.config;
  const { vocabSize } = made.job.config;
  const warnings = [...doubts, ...told];
  return createTrainedModel({
    task,
    labels: head?.labels ?? [],
    ...(evaluation && { evaluation }),
    warnings,
    rawConfig: hubConfig(made.rawConfig, { architecture, vocabSize, task, head, evaluation, warnings }),
    read: made.read,
    tokenizerFiles: made.tokenizerFiles,
    parameters,
  });
}

function evaluationOf(
  { task, held }: MadeJob,
  logits: JobResult['heldLogits'],
  loss: number | undefined,
): Evaluation | undefined {
  return loss === undefined || held.length === 0 ? undefined : task.evaluate(held, logits, loss);
}

function shownProgress(
  made: MadeJob,
  { heldLoss, heldLogits, ...progress }: JobProgress,
): Parameters<TrainingControl['onProgress']>[0] {
  const evaluation = heldLogits && evaluationOf(made, heldLogits, heldLoss);
  return { stage: 'learn', ...progress, ...(evaluation && { evaluation }) };
}
