import type { ModelSource } from '../checkpoint/open-source.ts';
import { GptletError } from '../errors/gptlet-error.ts';
import { invalid } from '../errors/invalid.ts';
import type { GptModel } from '../loaded-model/gpt-model.ts';
import type { RemoteModel } from '../loaded-model/remote-model.ts';
import { fillLoadOptions, type LoadOptions } from '../loading/load-options.ts';
import { checkOptions } from '../options/check-options.ts';
import { fallbackOptions, loadOptions } from '../options/table.ts';
import type { FallbackOptions } from './fallback-options.ts';
import { fallbacks } from './fallbacks.ts';
import { loadGptModel } from './load-gpt-model.ts';

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
export function loadModel(
  source?: ModelSource,
  options?: LoadOptions & { fallback?: undefined; when?: undefined },
): Promise<GptModel>;
/**
 * Loads a model, or gives a server's in its place where the model is too much for this machine.
 *
 * @example
 * const fallback = connect({ baseURL: 'https://cluster.example.org/v1', model: 'Qwen/Qwen3-32B' });
 * const model = await loadModel('Qwen/Qwen3-0.6B', { fallback });
 * note.hidden = model.place === 'here';
 */
export function loadModel(
  source: ModelSource | undefined,
  options: LoadOptions & FallbackOptions,
): Promise<GptModel | RemoteModel>;
export async function loadModel(
  source?: ModelSource,
  options: LoadOptions & FallbackOptions = {},
): Promise<GptModel | RemoteModel> {
  const { fallback, when, ...given } = checkOptions({ ...loadOptions(), ...fallbackOptions() }, options);
  const resolved = fillLoadOptions(given);
  const load = (): Promise<GptModel> => loadGptModel(source, resolved);
  if (fallback) {
    const loadOrFallBack = fallbacks.get(fallback);
    if (!loadOrFallBack) throw invalid('fallback', fallback, 'what connect() gives');
    return loadOrFallBack(source, resolved, fallback, when, load);
  }
  if (when) throw new GptletError('INVALID_OPTION', "'when' says when the fallback serves; give 'fallback' as well.");
  return load();
}
