import { readJsonFile } from '../checkpoint/json-file.ts';
import { isRecord } from '../checkpoint/json-values.ts';
import { type ModelSource, openSource } from '../checkpoint/open-source.ts';
import { readSafetensorsHeader } from '../checkpoint/safetensors-header.ts';
import type { FileSource } from '../checkpoint/sources/file-source.ts';
import { openOptional } from '../checkpoint/sources/open-optional.ts';
import { readRange } from '../checkpoint/sources/read-file.ts';
import { GptletError } from '../errors/gptlet-error.ts';
import type { HeadConfig, InputFormatConfig } from '../model/config.ts';
import type { Evaluation } from './evaluation.ts';
import type { Body, HeadData } from './head-data.ts';
import type { Task } from './task-examples.ts';
import { createTrainedHead, type TrainedHead } from './trained-head.ts';

/** What `gptlet` says in a head's config.json. */
interface HeadEntry extends InputFormatConfig {
  readonly task: Task;
  readonly body: Body;
  readonly evaluation?: Evaluation;
  readonly warnings?: readonly string[];
}

/**
 * Reads the files that {@link TrainedHead.files} gave.
 *
 * @param source the files by name, the address of their folder, or a hub id
 * @throws GptletError MODEL_NOT_FOUND, BAD_CHECKPOINT
 * @example
 * const head = await loadHead({ 'config.json': config, 'model.safetensors': weights });
 * const [{ label }] = await head.attach(await loadModel()).classify('A lovely day.');
 */
export async function loadHead(source: ModelSource, options: { signal?: AbortSignal } = {}): Promise<TrainedHead> {
  const { signal } = options;
  const files = await openSource(source, {});
  const config = await readJsonFile(files, 'config.json', signal);
  if (!config) throw missing(files, 'config.json');
  const { gptlet: entry, id2label, problem_type: problemType } = config;
  if (!isHeadEntry(entry) || !isRecord(id2label)) {
    throw new GptletError(
      'BAD_CHECKPOINT',
      `${files.locate('config.json')} is not that of a head that gptlet trained; a whole classifier is loaded with loadClassifier().`,
    );
  }
  const { task, body, evaluation, warnings = [], ...inputFormat } = entry;
  const labels = Object.values(id2label).map(String);
  const head: HeadConfig = {
    kind: task === 'choice' ? 'multiple-choice' : 'sequence-classification',
    labels,
    ...(problemType === undefined ? {} : { problemType: problemType as HeadConfig['problemType'] }),
    bias: false,
    ...(Object.keys(inputFormat).length > 0 && { inputFormat }),
  };
  const weights = await readWeights(files, [labels.length, body.nEmbd], signal);
  return createTrainedHead({
    task,
    head,
    body,
    weights,
    ...(evaluation && { evaluation }),
    warnings,
  } satisfies HeadData);
}

const isHeadEntry = (entry: unknown): entry is HeadEntry =>
  isRecord(entry) && typeof entry['task'] === 'string' && isRecord(entry['body']);

/** `score.weight` (K, C) f32. */
async function readWeights(
  files: FileSource,
  shape: readonly number[],
  signal: AbortSignal | undefined,
): Promise<Float32Array> {
  const name = 'model.safetensors';
  const file = await openOptional(files, name, signal);
  if (!file) throw missing(files, name);
  const { tensors } = await readSafetensorsHeader(name, file, signal);
  const tensor = tensors.find((each) => each.name === 'score.weight');
  if (tensor?.type !== 'F32' || tensor.shape.join() !== shape.join()) {
    throw new GptletError(
      'BAD_CHECKPOINT',
      `${file.location} has ${tensor ? `score.weight of ${tensor.type} [${tensor.shape.join(', ')}]` : 'no score.weight'}; config.json asks for F32 [${shape.join(', ')}].`,
    );
  }
  const bytes = await readRange(file, tensor.start, tensor.start + tensor.bytes, signal);
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  return Float32Array.from({ length: tensor.bytes / 4 }, (_, i) => view.getFloat32(4 * i, true));
}

const missing = (files: FileSource, name: string): GptletError =>
  new GptletError('MODEL_NOT_FOUND', `There is no ${files.locate(name)}; give both files of the head.`);
