import { encodeSafetensors } from '../../checkpoint/encode-safetensors.ts';
import { hubTensors } from '../../checkpoint/hub-tensors.ts';
import type { RawConfig, ReadConfig } from '../../model/families/read-config.ts';
import type { Evaluation } from '../evaluation.ts';
import type { Task } from '../task-examples.ts';
import type { JobParameters } from '../training-job.ts';

/** File name → contents, as in a hub repository. */
export type TrainedFiles = Readonly<Record<string, Uint8Array<ArrayBuffer>>>;

/** A whole model, all of whose weights were trained. */
export interface TrainedModel {
  readonly task: Task;
  /** In the order of its logits; none of text. */
  readonly labels: readonly string[];
  /** How good it is on examples that were held out; missing where none were. */
  readonly evaluation?: Evaluation;
  /** What was cut, left out or doubtful, in words. */
  readonly warnings: readonly string[];
  /**
   * The checkpoint in f32, as the hub's classes have it: `config.json` (…ForSequenceClassification, …ForTokenClassification or a language
   * model), `model.safetensors` and the tokenizer's files. `loadModel` and `loadClassifier` take them as they are. Made anew with each call.
   */
  files(): TrainedFiles;
}

/** A trained model as data. */
export interface ModelData extends Omit<TrainedModel, 'files'> {
  readonly rawConfig: RawConfig;
  /** What that says. */
  readonly read: ReadConfig;
  readonly tokenizerFiles: Readonly<Record<string, Uint8Array | undefined>>;
  readonly parameters: JobParameters;
}

export function createTrainedModel(data: ModelData): TrainedModel {
  const { rawConfig, read, tokenizerFiles, parameters, ...said } = data;
  return {
    ...said,
    files: () => ({
      'config.json': jsonFile(rawConfig),
      'model.safetensors': encodeSafetensors(hubTensors(read.config, read.family, (name) => parameters[name].data)),
      ...Object.fromEntries(
        Object.entries(tokenizerFiles).flatMap(([name, bytes]) => (bytes ? [[name, Uint8Array.from(bytes)]] : [])),
      ),
    }),
  };
}

/** JSON as a person would write it. */
export const jsonFile = (value: unknown): Uint8Array<ArrayBuffer> =>
  new TextEncoder().encode(`${JSON.stringify(value, null, 2)}\n`);
