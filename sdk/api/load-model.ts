import { startChat } from '../chat/start-chat.ts';
import type { ModelSource } from '../checkpoint/open-source.ts';
import type { GptModel } from '../loaded-model/gpt-model.ts';
import { LoadedModel } from '../loaded-model/loaded-model.ts';
import { type LoadOptions, resolveLoadOptions } from '../loading/load-options.ts';
import { openCalls } from './open-calls.ts';

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
  return withTasks(new LoadedModel(await openCalls(source, resolveLoadOptions(options)), startChat));
}

/** Gives a model with a fine-tuned head the tasks of gptlet/heads, whose code others do not load. */
async function withTasks(model: GptModel): Promise<GptModel> {
  if (!model.config.head) return model;
  const { createClassifier } = await import('../heads/classifier.ts');
  const { classify, entail, similarity, choose } = createClassifier(model);
  return Object.assign(model, { classify, entail, similarity, choose });
}
