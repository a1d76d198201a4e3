import { GptletError } from '../errors/gptlet-error.ts';
import { type RawConfig, type ReadConfig, readConfig } from '../model/families/read-config.ts';
import type { Checkpoint, TokenizerFileName } from './checkpoint.ts';
import { readGenerationDefaults } from './generation-defaults.ts';
import { readJsonFile, readSmallFile } from './json-file.ts';
import { placeParts } from './placed-parts.ts';
import { planQuantised, quantisedDtype } from './quantised-plan.ts';
import type { FileSource } from './sources/file-source.ts';
import { planTensors } from './tensor-plan.ts';
import { streamTensors } from './tensor-stream.ts';
import type { ReadTorchTensors } from './weight-file.ts';
import { openWeightFiles } from './weight-files.ts';

/** What reads parts of few checkpoints, and is loaded for the first such. */
export interface RareReaders {
  /** A torch file's table of contents. */
  readonly readTorchTensors: ReadTorchTensors;
  /** The config.json of a family after those of the GPT papers. */
  readonly readLaterConfig: (raw: RawConfig) => Promise<ReadConfig>;
}

/**
 * Opens a checkpoint in the hub's layout: reads and checks config.json, the tokenizer's files and the
 * weight files' tables of contents. Weights come later, by {@link Checkpoint.tensors}.
 *
 * @param rare reads what few checkpoints have
 * @throws GptletError MODEL_NOT_FOUND, NETWORK, UNSUPPORTED_MODEL, BAD_CHECKPOINT; the signal's reason once it is aborted.
 */
export async function openCheckpoint(files: FileSource, rare: RareReaders, signal?: AbortSignal): Promise<Checkpoint> {
  signal?.throwIfAborted();
  // What every model has: where it is refused, all is.
  const rawConfig = await readJsonFile(files, 'config.json', signal, (source, name) => source.open(name, signal));
  if (!rawConfig) {
    throw new GptletError(
      'MODEL_NOT_FOUND',
      `No model found: there is no ${files.locate('config.json')}. Check the name; a model is a folder with config.json and model.safetensors in it.`,
    );
  }
  const { config, family } = readConfig(rawConfig) ?? (await rare.readLaterConfig(rawConfig));
  const [tokenizerFiles, generationConfig] = await Promise.all([
    readTokenizerFiles(files, signal),
    readJsonFile(files, 'generation_config.json', signal),
  ]);
  const weightFiles = await openWeightFiles(files, rare.readTorchTensors, signal);
  const dtype = quantisedDtype(weightFiles[0]);
  const plans = dtype
    ? [planQuantised(config, family, dtype, weightFiles[0])]
    : planTensors(config, family, weightFiles);
  return {
    config,
    dtype,
    rawConfig,
    tokenizerFiles,
    generationDefaults: generationConfig ? readGenerationDefaults(generationConfig) : {},
    totalBytes: weightFiles.reduce((total, { size }) => total + size, 0),
    tensors: (streamOptions) => placeParts(streamTensors(plans, streamOptions), plans),
  };
}

async function readTokenizerFiles(files: FileSource, signal?: AbortSignal): Promise<Checkpoint['tokenizerFiles']> {
  const found: Partial<Record<TokenizerFileName, Uint8Array>> = {};
  const read = async (name: TokenizerFileName): Promise<void> => {
    const bytes = await readSmallFile(files, name, signal);
    if (bytes) found[name] = bytes;
  };
  await Promise.all([read('tokenizer.json'), read('tokenizer_config.json'), read('special_tokens_map.json')]);
  // tokenizer.json holds what the two older files hold.
  if (!found['tokenizer.json']) await Promise.all([read('vocab.json'), read('merges.txt')]);
  if (found['vocab.json'] && !found['merges.txt']) {
    throw new GptletError(
      'BAD_TOKENIZER',
      `vocab.json needs merges.txt, but there is no ${files.locate('merges.txt')}.`,
    );
  }
  return found;
}
