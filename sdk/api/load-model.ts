import type { ModelSource } from '../checkpoint/open-checkpoint.ts';
import type { GptModel } from '../generation/gpt-model.ts';
import { resolveLoadOptions } from '../loading/load-options.ts';
import { withDefaultModel } from './default-model.ts';
import type { LoadOptions } from './options.ts';

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
  const resolved = { ...resolveLoadOptions(options), signal: options.signal, onProgress: options.onProgress };
  const worker = options.worker ?? typeof document !== 'undefined';
  // What ships with the page is the browser's to cache.
  if (source === undefined) resolved.cache = false;
  const load = async (from: ModelSource): Promise<GptModel> => {
    if (worker === false) {
      const { loadLocalModel } = await import('../loading/load-local-model.ts');
      return loadLocalModel(from, resolved);
    }
    const { loadRemoteModel } = await import('../worker/remote-model.ts');
    return loadRemoteModel(from, resolved, worker);
  };
  return withTasks(await (source === undefined ? withDefaultModel(load) : load(source)));
}

/** Gives a model with a fine-tuned head the tasks of gptlet/heads, whose code others do not load. */
async function withTasks(model: GptModel): Promise<GptModel> {
  if (!model.config.head) return model;
  const { createClassifier } = await import('../heads/classifier.ts');
  const { classify, entail, similarity, choose } = createClassifier(model);
  return Object.assign(model, { classify, entail, similarity, choose });
}
