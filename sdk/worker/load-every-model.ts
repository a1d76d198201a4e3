import type { ModelSource } from '../checkpoint/open-source.ts';
import type { ModelCalls } from '../loaded-model/model-calls.ts';
import type { LocalLoadOptions } from '../loading/load-options.ts';
import { restoreTokenizer } from '../tokenizer/snapshot.ts';
import { loadInWorker } from './load-in-worker.ts';
import type { WorkerOption } from './start-worker.ts';

/** Loads any model in a worker that answers every call. */
export const loadEveryModel = (
  source: ModelSource,
  options: LocalLoadOptions,
  worker: WorkerOption,
): Promise<ModelCalls> => loadInWorker(source, options, { worker, embedded: false, restoreTokenizer });
