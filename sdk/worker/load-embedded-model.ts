import type { ModelSource } from '../checkpoint/open-source.ts';
import type { ModelCalls } from '../loaded-model/model-calls.ts';
import type { LocalLoadOptions } from '../loading/load-options.ts';
import { loadInWorker } from './load-in-worker.ts';

/** Loads the embedded model, given by the addresses of its files, in a worker that does nothing but generate with it. */
export const loadEmbeddedModel = (source: ModelSource, options: LocalLoadOptions): Promise<ModelCalls> =>
  loadInWorker(source, options, { worker: true, embedded: true });
