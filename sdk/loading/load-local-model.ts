import { GptletError, type GptletErrorCode } from '../api/errors.ts';
import { canChoose, type Dtype, type Engine, type EngineOptions } from '../backends/engine.ts';
import { RecoveringEngine } from '../backends/recovering-engine.ts';
import { createWasmEngineBuilder } from '../backends/wasm/index.ts';
import { createWebGpuEngineBuilder, probeWebGpu } from '../backends/webgpu/index.ts';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { type ModelSource, openCheckpoint } from '../checkpoint/open-checkpoint.ts';
import { HeadWeights } from '../generation/head-weights.ts';
import { LocalModel } from '../generation/local-model.ts';
import type { InputFormatConfig } from '../model/config.ts';
import { createTokenizer } from '../tokenizer/index.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import { recall, remember } from './backend-memory.ts';
import { chooseBackend } from './choose-backend.ts';
import type { Backend, DtypeOption, LocalLoadOptions } from './load-options.ts';
import { ProgressReporter } from './load-progress.ts';
import { measureStep } from './measure-backend.ts';

const notTheBackendsFault: ReadonlySet<GptletErrorCode> = /* @__PURE__ */ new Set<GptletErrorCode>([
  'MODEL_NOT_FOUND',
  'NETWORK',
  'INTEGRITY',
  'BAD_CHECKPOINT',
  'STORAGE_FULL',
  'INVALID_OPTION',
]);

/** Opens a checkpoint and brings it into an engine, all in the calling thread. */
export async function loadLocalModel(source: ModelSource, options: LocalLoadOptions): Promise<LocalModel> {
  const { signal } = options;
  const progress = new ProgressReporter(options.onProgress);
  signal?.throwIfAborted();
  progress.report('config');
  const checkpoint = withInputFormat(await openCheckpoint(source, { hub: options.hub, cache: options.cache, signal }));
  const tokenizer = await openTokenizer(checkpoint);
  const head = checkpoint.config.head && new HeadWeights(checkpoint.config.head, checkpoint.config.nEmbd);
  progress.expect(checkpoint.totalBytes);

  const backends = await backendsToTry(checkpoint, options);
  // A page that is cut off from its GPU (a crash, a reset) can be so for good.
  const rebuild = async (signal?: AbortSignal): Promise<Engine> => {
    const again = (backend: Backend): Promise<Engine> => build(backend, checkpoint, options, { head, signal });
    if (options.backend !== 'auto') return again('webgpu');
    return again('webgpu').catch(() => {
      signal?.throwIfAborted();
      return again('wasm');
    });
  };
  let failure: unknown;
  for (const backend of backends) {
    try {
      const built = await build(backend, checkpoint, options, { head, progress, signal });
      const engine = canChoose(built) ? new RecoveringEngine(built, rebuild) : built;
      progress.report('ready');
      return new LocalModel({
        engine,
        config: checkpoint.config,
        tokenizer,
        generationDefaults: checkpoint.generationDefaults,
        head,
      });
    } catch (error) {
      signal?.throwIfAborted();
      failure = error;
      // Whatever a GPU does is a reason to try the CPU; a bad checkpoint stays bad.
      if (GptletError.isInstance(error) && notTheBackendsFault.has(error.code)) throw error;
    }
  }
  throw failure;
}

/** What config.json says under `gptlet` is no family's business: it belongs to the head's inputs. */
function withInputFormat(checkpoint: Checkpoint): Checkpoint {
  const { config, rawConfig } = checkpoint;
  if (!config.head || !rawConfig.gptlet) return checkpoint;
  const head = { ...config.head, inputFormat: rawConfig.gptlet as InputFormatConfig };
  return { ...checkpoint, config: { ...config, head } };
}

/** Reads the weights into an engine: for the first time, with all that is to be told, or once more after a lost device. */
async function build(
  backend: Backend,
  checkpoint: Checkpoint,
  options: LocalLoadOptions,
  { head, progress, signal }: { head?: HeadWeights; progress?: ProgressReporter; signal?: AbortSignal },
): Promise<Engine> {
  const create = backend === 'webgpu' ? createWebGpuEngineBuilder : createWasmEngineBuilder;
  // The head is ours to keep (see HeadWeights): engines know nothing of it.
  const builder = await create({ ...checkpoint.config, head: undefined }, engineOptions(backend, options, checkpoint));
  try {
    for await (const part of checkpoint.tensors({
      signal,
      onBytes: (file, bytes) => progress?.downloaded(file, bytes),
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

async function backendsToTry(checkpoint: Checkpoint, options: LocalLoadOptions): Promise<Backend[]> {
  if (options.backend !== 'auto') return [options.backend];
  return chooseBackend(checkpoint.config, options.dtype === 'auto' ? (checkpoint.dtype ?? 'auto') : options.dtype, {
    adapterName: async () => {
      const gpu = await probeWebGpu();
      return gpu && !gpu.isFallbackAdapter ? [gpu.vendor, gpu.architecture, gpu.description].join(' ') : undefined;
    },
    stepMs: (backend, config) => {
      const create = backend === 'webgpu' ? createWebGpuEngineBuilder : createWasmEngineBuilder;
      return measureStep(create, { ...config, head: undefined }, engineOptions(backend, options, checkpoint));
    },
    recall,
    remember,
  });
}

function engineOptions(
  backend: Backend,
  { dtype, threads }: LocalLoadOptions,
  { dtype: stored }: Checkpoint,
): EngineOptions {
  return { dtype: chooseDtype(backend, dtype, stored), ...(backend === 'wasm' ? { threads } : {}) };
}

/** `auto` is what the weights are quantised to already, else the fastest that loses nothing one would notice. */
function chooseDtype(backend: Backend, wanted: DtypeOption, stored: Dtype | undefined): Dtype {
  // The CPU has no half-precision arithmetic: what was asked for is kept exactly, in f32, and `model.dtype` says so.
  if (wanted === 'f16' && backend === 'wasm') return 'f32';
  if (wanted !== 'auto') return wanted;
  if (stored) return stored;
  return backend === 'webgpu' ? 'f16' : 'q8';
}

async function openTokenizer(checkpoint: Checkpoint): Promise<Tokenizer | undefined> {
  const files = checkpoint.tokenizerFiles;
  if (!files['tokenizer.json'] && !files['vocab.json']) return undefined;
  return createTokenizer(files, { kind: checkpoint.config.architecture === 'gpt' ? 'gpt1' : 'gpt2' });
}
