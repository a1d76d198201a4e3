import type { HeadWeights } from '../backends/classification-head.ts';
import type { Engine } from '../backends/engine.ts';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { GptletError, type GptletErrorCode } from '../errors/gptlet-error.ts';
import type { GeneratorParts } from '../generation/local-generator.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import { backendsToTry, createEngineBuilder, recovering, tellFailure } from './backends.ts';
import { engineOptions } from './engine-options.ts';
import type { Backend, LocalLoadOptions } from './load-options.ts';
import { ProgressReporter } from './load-progress.ts';

/** A model of which all but the weights is there. */
export interface OpenedModel {
  readonly checkpoint: Checkpoint;
  readonly tokenizer: Tokenizer | undefined;
  /** Takes the weights that no engine knows. */
  readonly head?: HeadWeights;
}

const notTheBackendsFault: ReadonlySet<GptletErrorCode> = /* @__PURE__ */ new Set<GptletErrorCode>([
  'MODEL_NOT_FOUND',
  'NETWORK',
  'INTEGRITY',
  'BAD_CHECKPOINT',
  'STORAGE_FULL',
  'INVALID_OPTION',
]);

/** Brings what `open` gives into an engine, all in the calling thread. */
export async function loadParts(
  open: () => Promise<OpenedModel>,
  options: LocalLoadOptions,
): Promise<GeneratorParts & OpenedModel> {
  const { signal } = options;
  const progress = new ProgressReporter(options.onProgress);
  signal?.throwIfAborted();
  progress.report('config');
  const opened = await open();
  const { checkpoint, head } = opened;
  progress.expect(checkpoint.totalBytes);

  const backends = await backendsToTry(checkpoint, options);
  const again = (backend: Backend, callSignal?: AbortSignal): Promise<Engine> =>
    build(backend, checkpoint, options, { head, signal: callSignal });
  let failure: unknown;
  for (const backend of backends) {
    try {
      const built = await build(backend, checkpoint, options, { head, progress, signal });
      const engine = recovering(built, options.backend, again);
      progress.report('ready');
      const { config, generationDefaults } = checkpoint;
      return { ...opened, engine, config, generationDefaults };
    } catch (error) {
      signal?.throwIfAborted();
      failure = error;
      // Whatever a GPU does is a reason to try the CPU; a bad checkpoint stays bad.
      if (GptletError.isInstance(error) && notTheBackendsFault.has(error.code)) throw error;
      if (backends.length > 1) tellFailure(backend, error);
    }
  }
  throw failure;
}

/** Reads the weights into an engine: for the first time, with all that is to be told, or once more after a lost device. */
async function build(
  backend: Backend,
  checkpoint: Checkpoint,
  options: LocalLoadOptions,
  { head, progress, signal }: { head?: HeadWeights; progress?: ProgressReporter; signal?: AbortSignal },
): Promise<Engine> {
  // The head is ours to keep (see HeadWeights): engines know nothing of it.
  const config = { ...checkpoint.config, head: undefined };
  const builder = await createEngineBuilder(backend, config, engineOptions(backend, options, checkpoint));
  try {
    for await (const part of checkpoint.tensors({
      signal,
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
