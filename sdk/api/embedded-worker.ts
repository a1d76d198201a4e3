import type { ModelSource } from '../checkpoint/open-source.ts';
import type { CheckedGenerateOptions } from '../loaded-model/generate-options.ts';
import type { ModelCalls } from '../loaded-model/model-calls.ts';
import type { ResolvedLoadOptions } from '../loading/load-options.ts';
import { loadInWorker } from '../worker/load-in-worker.ts';
import { withDefaultModel } from './default-model.ts';
import { inPage, openCalls } from './open-calls.ts';

/** Whether a call of `generate()` can be served by the embedded worker, which knows one model and one way of generating. */
export function servedByEmbeddedWorker(
  source: ModelSource | undefined,
  { worker = inPage(), dtype, threads = 1 }: ResolvedLoadOptions,
  { numBeams = 1, numSequences = 1, constraint, logprobs, draft }: CheckedGenerateOptions,
): boolean {
  const plain =
    numBeams === 1 && numSequences === 1 && constraint === undefined && logprobs === undefined && draft === undefined;
  return source === undefined && worker === true && dtype === 'auto' && threads === 1 && plain;
}

/** Loads the embedded model in the embedded worker, which is half the size of the one for every model. */
export function loadIntoEmbeddedWorker(options: ResolvedLoadOptions): Promise<ModelCalls> {
  const { worker: _, ...local } = options;
  return withDefaultModel(async (files) => {
    // The embedded worker reads files from their addresses; it knows nothing of others.
    if (!Object.values(files).every((file) => file instanceof URL)) return openCalls(files, options);
    return loadInWorker(files, { ...local, cache: false }, { worker: true, embedded: true });
  });
}
