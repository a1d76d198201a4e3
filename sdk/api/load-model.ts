import type { ModelSource } from '../checkpoint/open-source.ts';
import type { GptModel } from '../loaded-model/gpt-model.ts';
import type { LoadedModel } from '../loaded-model/loaded-model.ts';
import { type LoadOptions, type ResolvedLoadOptions, resolveLoadOptions } from '../loading/load-options.ts';
import { withDefaultModel } from './default-model.ts';

/**
 * Loads a model into a worker and resolves when it is ready to generate.
 *
 * @param source a hub id ('openai-community/gpt2', 'owner/name@revision'), a directory URL, in Node also a
 *   directory path, or the files themselves. @default the embedded model
 * @throws GptletError MODEL_NOT_FOUND, NETWORK, INTEGRITY, BAD_CHECKPOINT, BAD_TOKENIZER, UNSUPPORTED_MODEL,
 *   UNSUPPORTED_PLATFORM, INVALID_OPTION, OUT_OF_MEMORY, WORKER_FAILED; AbortError when `signal` fires
 * @example
 * const model = await loadModel('openai-community/gpt2', { onProgress: ({ fraction }) => (bar.value = fraction) });
 */
export async function loadModel(source?: ModelSource, options: LoadOptions = {}): Promise<GptModel> {
  return withTasks(await loadChecked(source, resolveLoadOptions(options)));
}

/** {@link loadModel} with options that have been checked, and without the tasks of a fine-tuned head. */
export function loadChecked(source: ModelSource | undefined, options: ResolvedLoadOptions): Promise<LoadedModel> {
  const { worker = inPage(), ...rest } = options;
  const load = async (from: ModelSource, local = rest): Promise<LoadedModel> => {
    if (worker === false) {
      const { loadHere } = await import('../loading/load-here.ts');
      return loadHere(from, local);
    }
    const { loadEveryModel } = await import('../worker/load-every-model.ts');
    return loadEveryModel(from, local, worker);
  };
  // What ships with the page is the browser's to cache.
  return source === undefined ? withDefaultModel((files) => load(files, { ...rest, cache: false })) : load(source);
}

/** Whether this is a page, where a model runs in a worker unless told otherwise. */
export const inPage = (): boolean => typeof document !== 'undefined';

/** Gives a model with a fine-tuned head the tasks of gptlet/heads, whose code others do not load. */
async function withTasks(model: GptModel): Promise<GptModel> {
  if (!model.config.head) return model;
  const { createClassifier } = await import('../heads/classifier.ts');
  const { classify, entail, similarity, choose } = createClassifier(model);
  return Object.assign(model, { classify, entail, similarity, choose });
}
