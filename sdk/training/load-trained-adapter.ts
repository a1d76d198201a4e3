import { readJsonFile } from '../checkpoint/json-file.ts';
import { isRecord } from '../checkpoint/json-values.ts';
import { type ModelSource, openSource } from '../checkpoint/open-source.ts';
import { readAdapter } from '../checkpoint/peft/read-adapter.ts';
import { GptletError } from '../errors/gptlet-error.ts';
import { readAnyConfig } from './descent/hub-config.ts';
import { type AdapterEntry, createTrainedAdapter, type TrainedAdapter } from './results/trained-adapter.ts';
import type { Task } from './task-examples.ts';

/**
 * Reads the files that {@link TrainedAdapter.files} gave. Adapters that other tools made, which have no labels and no task, go to a model
 * with its `loadAdapter`.
 *
 * @param source the files by name, the address of their folder, or a hub id
 * @throws GptletError MODEL_NOT_FOUND, BAD_CHECKPOINT, UNSUPPORTED_MODEL
 * @example
 * const adapter = await loadTrainedAdapter(files);
 * const classifier = await adapter.attach(await loadModel());
 */
export async function loadTrainedAdapter<T extends Task = Task>(
  source: ModelSource,
  options: { signal?: AbortSignal } = {},
): Promise<TrainedAdapter<T>> {
  const { signal } = options;
  const files = await openSource(source, {});
  const rawConfig = await readJsonFile(files, 'config.json', signal);
  const entry = rawConfig?.['gptlet'];
  if (!rawConfig || !isAdapterEntry(entry)) {
    throw new GptletError(
      rawConfig ? 'BAD_CHECKPOINT' : 'MODEL_NOT_FOUND',
      `${files.locate('config.json')} is not that of an adapter that gptlet trained; give one of another tool to model.loadAdapter().`,
    );
  }
  const { task, body, head: headConfig, evaluation, warnings = [] } = entry;
  const { config } = await readAnyConfig(rawConfig);
  const { readPytorchTensors } = await import('../checkpoint/pytorch-file.ts');
  const { adapter, head } = await readAdapter(files, config, readPytorchTensors, signal);
  return createTrainedAdapter({
    task,
    labels: headConfig?.labels ?? [],
    ...(evaluation && { evaluation }),
    warnings,
    rawConfig,
    config,
    body,
    ...(head && headConfig && { head: { ...head, config: headConfig } }),
    dropout: 0,
    pairs: adapter.pairs,
  }) as TrainedAdapter<T>;
}

const isAdapterEntry = (entry: unknown): entry is AdapterEntry =>
  isRecord(entry) && typeof entry['task'] === 'string' && isRecord(entry['body']);
