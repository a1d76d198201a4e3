import type { ModelSource } from '../checkpoint/open-checkpoint.ts';
import type { GenerateOptions } from '../loaded-model/generate-options.ts';
import type { GptModel } from '../loaded-model/gpt-model.ts';
import { type LocalLoadOptions, resolveLoadOptions } from '../loading/load-options.ts';
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
  const { worker, ...resolved } = resolve(source, options);
  const load = async (from: ModelSource): Promise<GptModel> => {
    if (worker === false) {
      const { loadHere } = await import('../loading/load-here.ts');
      return loadHere(from, resolved);
    }
    const { loadRemoteModel } = await import('../worker/remote-model.ts');
    return loadRemoteModel(from, resolved, worker);
  };
  return withTasks(await (source === undefined ? withDefaultModel(load) : load(source)));
}

/** Whether `generate()` can be served by a worker that knows the embedded model, and one plain way of generating, only. */
export function isSimple(source: ModelSource | undefined, load: LoadOptions, generation: GenerateOptions): boolean {
  const { worker = inPage(), dtype = 'auto', threads = 1 } = load;
  const { numBeams = 1, numSequences = 1, constraint, logprobs } = generation;
  const plain = numBeams === 1 && numSequences === 1 && constraint === undefined && logprobs === undefined;
  return source === undefined && worker === true && dtype === 'auto' && threads === 1 && plain;
}

/** Like {@link loadModel} of the embedded model, where {@link isSimple}: in a worker of half the size. */
export function loadGenerator(options: LoadOptions): Promise<Generator> {
  const { worker: _, ...resolved } = resolve(undefined, options);
  return withDefaultModel(async (files) => {
    // The small worker reads files from their addresses; it knows nothing of others.
    if (!Object.values(files).every((file) => file instanceof URL)) return loadModel(files, options);
    const { loadRemoteGenerator } = await import('../worker/remote-generator.ts');
    return loadRemoteGenerator(files, resolved);
  });
}

export type Generator = Pick<GptModel, 'generate' | 'dispose'>;

const inPage = (): boolean => typeof document !== 'undefined';

function resolve(
  source: ModelSource | undefined,
  options: LoadOptions,
): LocalLoadOptions & { worker: Exclude<LoadOptions['worker'], undefined> } {
  const { worker = inPage(), ...rest } = resolveLoadOptions(options);
  const resolved = { ...rest, worker };
  // What ships with the page is the browser's to cache.
  return source === undefined ? { ...resolved, cache: false } : resolved;
}

/** Gives a model with a fine-tuned head the tasks of gptlet/heads, whose code others do not load. */
async function withTasks(model: GptModel): Promise<GptModel> {
  if (!model.config.head) return model;
  const { createClassifier } = await import('../heads/classifier.ts');
  const { classify, entail, similarity, choose } = createClassifier(model);
  return Object.assign(model, { classify, entail, similarity, choose });
}
