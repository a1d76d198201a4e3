import type { ModelFiles, ModelSource } from '../checkpoint/open-source.ts';
import { importNode } from '../platform/node-module.ts';

/** Where the sentiment model lies beside the package's code. */
export async function sentimentModel(): Promise<ModelSource> {
  // Written out one by one: bundlers copy a file that they see named like this.
  const files: ModelFiles = {
    'config.json': new URL('../models/sentiment/config.json', import.meta.url),
    'tokenizer.json': new URL('../models/sentiment/tokenizer.json', import.meta.url),
    'model.safetensors': new URL('../models/sentiment/model.safetensors', import.meta.url),
  };
  const config = files['config.json'] as URL;
  if (config.protocol !== 'file:' || typeof document !== 'undefined') return files;
  const { fileURLToPath } = await importNode('node:url');
  return fileURLToPath(new URL('.', config));
}
