import type { ClassificationHead } from '../backends/classification-head.ts';
import type { Engine } from '../backends/engine.ts';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import type { ModelSource } from '../checkpoint/open-source.ts';
import { GptletError, type GptletErrorCode } from '../errors/gptlet-error.ts';
import { type Abilities, LocalCalls } from '../generation/local-calls.ts';
import type { Adapter } from '../model/adapter.ts';
import { engineOptions } from './engine-options.ts';
import { builderOf, type Engines } from './engines.ts';
import type { Backend, LocalLoadOptions } from './load-options.ts';
import { ProgressReporter } from './load-progress.ts';
import { mergeAdapters } from './merge-adapters.ts';
import type { OpenedModel } from './open-model.ts';

/** What an entry can load, and what the model can then be asked for. */
export interface Loader extends Abilities {
  open(source: ModelSource, options: LocalLoadOptions): Promise<OpenedModel>;
  readonly engines: Engines;
  warn(message: string): void;
}

const notTheBackendsFault: ReadonlySet<GptletErrorCode> = /* @__PURE__ */ new Set<GptletErrorCode>([
  'MODEL_NOT_FOUND',
  'NETWORK',
  'INTEGRITY',
  'BAD_CHECKPOINT',
  'STORAGE_FULL',
  'INVALID_OPTION',
]);

/** Opens a model and brings it into an engine, all in the calling thread. */
export async function loadCalls(source: ModelSource, options: LocalLoadOptions, loader: Loader): Promise<LocalCalls> {
  const { signal } = options;
  const { engines } = loader;
  const progress = new ProgressReporter(options.onProgress);
  signal?.throwIfAborted();
  progress.report('config');
  const { checkpoint: opened, tokenizer, head } = await loader.open(source, options);
  /** Adapters that have been merged into the weights: whoever reads those again finds them so. */
  const merged: Adapter[] = [];
  const checkpoint: Checkpoint = { ...opened, tensors: (given) => mergeAdapters(opened.tensors(given), merged) };
  progress.expect(checkpoint.totalBytes);

  const onFailure = (backend: Backend, error: unknown): void =>
    loader.warn(`gptlet: backend '${backend}' failed. ${String(error)}`);
  const backends =
    options.backend !== 'auto'
      ? [options.backend]
      : ((await engines.webgpu?.choose(checkpoint, options, engines, onFailure)) ?? (['wasm'] as const));
  const build = (
    backend: Backend,
    buildSignal?: AbortSignal,
    told?: ProgressReporter,
    contextLength = options.contextLength,
  ): Promise<Engine> =>
    buildEngine(backend, checkpoint, { ...options, contextLength }, loader, {
      head,
      progress: told,
      signal: buildSignal,
    });
  let failure: unknown;
  for (const backend of backends) {
    try {
      const built = await build(backend, signal, progress);
      const { nCtx } = built.config;
      // What is built again has to hold the sequences of the first.
      const rebuild = (other: Backend, rebuildSignal?: AbortSignal): Promise<Engine> =>
        build(other, rebuildSignal, undefined, nCtx);
      const recovering = (engine: Engine): Engine =>
        engines.webgpu?.recover(engine, options.backend, rebuild) ?? engine;
      const engine = recovering(built);
      const merge = async (adapter: Adapter, mergeSignal?: AbortSignal): Promise<Engine> => {
        merged.push(adapter);
        try {
          return recovering(await rebuild(backend, mergeSignal));
        } catch (error) {
          merged.pop();
          throw error;
        }
      };
      progress.report('ready');
      // While an engine was made, and at the last word, nobody looked.
      if (signal?.aborted) await engine.dispose();
      signal?.throwIfAborted();
      const { generationDefaults, chatFormat } = checkpoint;
      const config = { ...checkpoint.config, nCtx };
      return new LocalCalls(
        { engine, config, tokenizer, generationDefaults, chatFormat, head, checkpoint, merge },
        loader,
      );
    } catch (error) {
      signal?.throwIfAborted();
      failure = error;
      // Whatever a GPU does is a reason to try the CPU; a bad checkpoint stays bad.
      if (GptletError.isInstance(error) && notTheBackendsFault.has(error.code)) throw error;
      if (backends.length > 1) onFailure(backend, error);
    }
  }
  throw failure;
}

/** Reads the weights into an engine: for the first time, with all that is to be told, or once more after a lost device. */
async function buildEngine(
  backend: Backend,
  checkpoint: Checkpoint,
  options: LocalLoadOptions,
  { engines, warn }: Loader,
  { head, progress, signal }: { head?: ClassificationHead; progress?: ProgressReporter; signal?: AbortSignal },
): Promise<Engine> {
  // The head is ours to keep (see ClassificationHead): engines know nothing of it.
  const config = { ...checkpoint.config, head: undefined };
  const builder = await builderOf(backend, engines)(config, engineOptions(backend, options, checkpoint));
  try {
    for await (const part of checkpoint.tensors({
      signal,
      // A device that was lost brings no other file.
      warn: progress && ((message) => warn(`gptlet: ${message}`)),
      onBytes: (file, bytes) => progress?.downloaded(file, bytes),
      room: (floats) => builder.room?.(floats),
    })) {
      signal?.throwIfAborted();
      if (!head?.take(part)) await builder.setTensor(part);
    }
    progress?.report('compile');
    return await builder.finish();
  } catch (error) {
    builder.dispose();
    throw error;
  }
}
