import { writeAdapter } from '../../checkpoint/peft/write-adapter.ts';
import { type Classifier, classifierWith } from '../../heads/classifier.ts';
import { type SpanFinder, spanFinderWith } from '../../heads/span-finder.ts';
import type { GptModel } from '../../loaded-model/gpt-model.ts';
import type { AdapterHead, LoraPair } from '../../model/adapter.ts';
import type { HeadConfig, ModelConfig } from '../../model/config.ts';
import type { RawConfig } from '../../model/families/read-config.ts';
import { checkArgument } from '../../options/check-argument.ts';
import { callback, fields, object } from '../../options/kinds.ts';
import type { Evaluation } from '../evaluation.ts';
import { type Body, requireBody } from '../head-data.ts';
import { labelEntries } from '../label-entries.ts';
import type { Task } from '../task-examples.ts';
import { applyHead } from './apply-head.ts';
import { jsonFile, type TrainedFiles } from './trained-model.ts';

/** What an adapter becomes on a model: the adapter's name for `generate` of text, else what answers the task's questions. */
export type Attached<T extends Task> = T extends 'text' ? string : T extends 'tokens' ? SpanFinder : Classifier;

/** Low-rank changes to a body that it does not hold, and the head that was trained with them: some megabytes. */
export interface TrainedAdapter<T extends Task = Task> {
  readonly task: T;
  /** In the order of the head's logits; none of text. */
  readonly labels: readonly string[];
  /** How good it is on examples that were held out; missing where none were. */
  readonly evaluation?: Evaluation;
  /** What was cut, left out or doubtful, in words. */
  readonly warnings: readonly string[];
  /**
   * Brings the adapter to `model`, which has to be the body that it was trained on (in any dtype). Of the task `'text'` what comes back is
   * the name to give as `generate(…, { adapter })`; of others what answers the task, which uses the adapter by itself. The model stays the
   * caller's, and is without the adapter wherever it is not asked for.
   *
   * @throws GptletError UNSUPPORTED_MODEL for another body
   */
  attach(model: GptModel): Promise<Attached<T>>;
  /**
   * `adapter_config.json` and `adapter_model.safetensors` in PEFT's layout, the head among them, and a `config.json` with the labels: what
   * `loadTrainedAdapter` reads, `loadAdapter` and PEFT too.
   */
  files(): TrainedFiles;
}

/** What `gptlet` says in an adapter's config.json. */
export interface AdapterEntry {
  readonly task: Task;
  readonly body: Body;
  readonly head?: HeadConfig;
  readonly evaluation?: Evaluation;
  readonly warnings?: readonly string[];
}

/** A trained adapter as data. */
export interface AdapterData extends Omit<TrainedAdapter, 'attach' | 'files'> {
  /** config.json of the body. */
  readonly rawConfig: RawConfig;
  /** The body's. */
  readonly config: ModelConfig;
  readonly body: Body;
  readonly head?: AdapterHead & { readonly config: HeadConfig };
  /** Of its training. */
  readonly dropout: number;
  readonly pairs: readonly LoraPair[];
}

export function createTrainedAdapter(data: AdapterData): TrainedAdapter {
  const { task, labels, evaluation, warnings, head } = data;
  return {
    task,
    labels,
    ...(evaluation && { evaluation }),
    warnings,
    attach: async (model) => {
      checkArgument('model', model, fields({ config: object, embedBatch: callback, loadAdapter: callback }));
      requireBody(model.config, data.body, 'The adapter');
      const adapter = await model.loadAdapter(writeAdapter(data.config, data));
      // Of text the type is a string; TypeScript does not know that the task says so.
      if (!head) return adapter as never;
      // A model may have a head of its own, with other labels: this one stays here.
      const logitsOf: GptModel['classifyIdsBatch'] = async (sequences, options) =>
        (await model.embedBatch(sequences, { ...options, adapter })).map((hidden) => applyHead(head, hidden));
      const attached =
        task === 'tokens' ? spanFinderWith(model, head.config, logitsOf) : classifierWith(model, head.config, logitsOf);
      return attached as never;
    },
    files: () => adapterFiles(data),
  };
}

function adapterFiles(data: AdapterData): TrainedFiles {
  const { rawConfig, config, body, head, task, evaluation, warnings, dropout } = data;
  const entry: AdapterEntry = {
    task,
    body,
    ...(head && { head: head.config }),
    ...(evaluation && { evaluation }),
    warnings,
  };
  // A choice's head is one label over each answer.
  const kind = head?.config.kind === 'token-classification' ? head.config.kind : 'sequence-classification';
  const name = rawConfig['_name_or_path'];
  const baseModel = typeof name === 'string' && name !== '' ? name : undefined;
  return {
    ...writeAdapter(head ? { ...config, head: { ...head.config, kind } } : config, data, { head, dropout, baseModel }),
    'config.json': jsonFile({ ...rawConfig, ...(head && labelEntries(head.config)), gptlet: entry }),
  };
}
