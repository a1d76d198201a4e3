import type { ModelFiles, ModelSource } from '../checkpoint/open-source.ts';
import { GptletError } from '../errors/gptlet-error.ts';
import { importNode } from '../platform/node-module.ts';

/**
 * Loads the embedded model: from the files that ship beside the package's code, or, where a bundler has not
 * copied those along, from a JavaScript module, which every bundler copies and in which the weights are quantised to 8 bits.
 */
export async function withDefaultModel<T>(load: (source: ModelSource) => Promise<T>): Promise<T> {
  try {
    return await load(await filesBesideTheCode());
  } catch (error) {
    const missing =
      GptletError.isInstance(error) &&
      ['MODEL_NOT_FOUND', 'NETWORK', 'BAD_CHECKPOINT', 'BAD_TOKENIZER'].includes(error.code);
    if (!missing) throw error;
    return load(await filesInCode(error));
  }
}

async function filesBesideTheCode(): Promise<ModelSource> {
  // Written out one by one: bundlers copy a file that they see named like this.
  const files: ModelFiles = {
    'config.json': new URL('../models/default/config.json', import.meta.url),
    'generation_config.json': new URL('../models/default/generation_config.json', import.meta.url),
    'tokenizer.json': new URL('../models/default/tokenizer.json', import.meta.url),
    'model.safetensors': new URL('../models/default/model.safetensors', import.meta.url),
  };
  const config = files['config.json'] as URL;
  if (config.protocol !== 'file:' || typeof document !== 'undefined') return files;
  const { fileURLToPath } = await importNode('node:url');
  return fileURLToPath(new URL('.', config));
}

async function filesInCode(reason: unknown): Promise<ModelSource> {
  try {
    const { defaultModelFiles } = await import('./default-model-inline.js');
    return defaultModelFiles();
  } catch {
    // The module is missing too; what went wrong first says more.
    throw reason;
  }
}
