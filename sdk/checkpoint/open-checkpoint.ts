import { GptletError } from '../errors/gptlet-error.ts';
import { readConfig } from '../model/families/read-config.ts';
import { warn } from '../platform/warn.ts';
import type { TokenizerFiles } from '../tokenizer/tokenizer.ts';
import { cachedSource } from '../weight-cache/cached-source.ts';
import { openOwnCache } from '../weight-cache/open-weight-cache.ts';
import type { WeightCache } from '../weight-cache/weight-cache.ts';
import type { Checkpoint } from './checkpoint.ts';
import { readGenerationDefaults } from './generation-defaults.ts';
import { readJsonFile, readSmallFile } from './json-file.ts';
import { type HubOptions, type ModelSource, resolveModelSource } from './model-source.ts';
import { planQuantised, quantisedDtype } from './quantised-plan.ts';
import type { FileSource } from './sources/file-source.ts';
import type { HttpAccess } from './sources/http-request.ts';
import { planTensors } from './tensor-plan.ts';
import { streamTensors } from './tensor-stream.ts';
import { openWeightFiles } from './weight-files.ts';

export type { HubOptions, ModelFiles, ModelSource } from './model-source.ts';

export interface OpenCheckpointOptions {
  readonly hub?: HubOptions;
  readonly signal?: AbortSignal;
  /** Whether, or where, downloaded files are kept for the next load. @default false */
  readonly cache?: boolean | WeightCache;
  /** Retries and time limits of requests; tests shorten them. */
  readonly access?: Pick<HttpAccess, 'attempts' | 'retryDelayMs' | 'idleMs' | 'rangeBytes' | 'rangesBelow'>;
}

/**
 * Opens a checkpoint in the hub's layout: reads and checks config.json, the tokenizer's files and the
 * weight files' tables of contents. Weights come later, by {@link Checkpoint.tensors}.
 *
 * @throws GptletError MODEL_NOT_FOUND, NETWORK, UNSUPPORTED_MODEL, BAD_CHECKPOINT, INVALID_OPTION; the
 *   signal's reason once it is aborted.
 */
export async function openCheckpoint(source: ModelSource, options: OpenCheckpointOptions = {}): Promise<Checkpoint> {
  const { signal } = options;
  signal?.throwIfAborted();
  const files = await openSource(source, options);
  const rawConfig = await readJsonFile(files, 'config.json', signal);
  if (!rawConfig) {
    throw new GptletError(
      'MODEL_NOT_FOUND',
      `No model found: there is no ${files.locate('config.json')}. Check the name; a model is a folder with config.json and model.safetensors in it.`,
    );
  }
  const { config, family } = readConfig(rawConfig);
  const [tokenizerFiles, generationConfig] = await Promise.all([
    readTokenizerFiles(files, signal),
    readJsonFile(files, 'generation_config.json', signal),
  ]);
  const weightFiles = await openWeightFiles(files, signal);
  const dtype = quantisedDtype(weightFiles[0]);
  const plans = dtype ? [planQuantised(config, dtype, weightFiles[0])] : planTensors(config, family, weightFiles);
  return {
    config,
    dtype,
    rawConfig,
    tokenizerFiles,
    generationDefaults: generationConfig ? readGenerationDefaults(generationConfig) : {},
    totalBytes: weightFiles.reduce((total, { size }) => total + size, 0),
    tensors: (streamOptions) => streamTensors(plans, streamOptions),
  };
}

async function openSource(
  source: ModelSource,
  { hub, access, cache: wanted }: OpenCheckpointOptions,
): Promise<FileSource> {
  const cache = wanted === true ? await openOwnCache().catch(() => undefined) : wanted || undefined;
  const files = await resolveModelSource(source, hub, { ...access, ...(cache && { httpCache: 'no-store' }) });
  // What is at hand already (folders, dropped files) is not kept a second time.
  if (!cache || !files.remote) return files;
  return cachedSource(files, files.remote, cache, warn);
}

async function readTokenizerFiles(files: FileSource, signal?: AbortSignal): Promise<TokenizerFiles> {
  const names = [
    'tokenizer.json',
    'vocab.json',
    'merges.txt',
    'tokenizer_config.json',
    'special_tokens_map.json',
  ] as const;
  const found: TokenizerFiles = {};
  const read = async (name: (typeof names)[number]): Promise<void> => {
    const bytes = await readSmallFile(files, name, signal);
    if (bytes) found[name] = bytes;
  };
  await Promise.all([read('tokenizer.json'), read('tokenizer_config.json'), read('special_tokens_map.json')]);
  // tokenizer.json holds what the two older files hold.
  if (!found['tokenizer.json']) await Promise.all([read('vocab.json'), read('merges.txt')]);
  return found;
}
