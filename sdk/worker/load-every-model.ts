import type { ModelSource } from '../checkpoint/open-source.ts';
import type { ModelCalls } from '../loaded-model/model-calls.ts';
import type { LocalLoadOptions } from '../loading/load-options.ts';
import { importRareText } from '../tokenizer/import-rare-text.ts';
import { needsRareText } from '../tokenizer/needs-rare-text.ts';
import { restoreTokenizer, type TokenizerSnapshot } from '../tokenizer/snapshot.ts';
import { loadInWorker } from './load-in-worker.ts';
import type { RestoreTokenizer } from './port-calls.ts';
import type { WorkerOption } from './start-worker.ts';

/** Loads any model in a worker that answers every call. */
export const loadEveryModel = (
  source: ModelSource,
  options: LocalLoadOptions,
  worker: WorkerOption,
): Promise<ModelCalls> => loadInWorker(source, options, { worker, embedded: false, readyTokenizer });

async function readyTokenizer(snapshot: TokenizerSnapshot): Promise<RestoreTokenizer> {
  const rareText = needsRareText(snapshot.settings) ? await importRareText() : undefined;
  return () => restoreTokenizer(snapshot, rareText);
}
