import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { type ModelSource, openCheckpoint } from '../checkpoint/open-checkpoint.ts';
import { HeadWeights } from '../generation/head-weights.ts';
import { LocalModel } from '../generation/local-model.ts';
import type { InputFormatConfig } from '../model/config.ts';
import { createTokenizer } from '../tokenizer/index.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import type { LocalLoadOptions } from './load-options.ts';
import { loadParts } from './load-parts.ts';

/** Opens a checkpoint and brings it into an engine, all in the calling thread. */
export async function loadLocalModel(source: ModelSource, options: LocalLoadOptions): Promise<LocalModel> {
  const { hub, cache, signal } = options;
  const parts = await loadParts(async () => {
    const checkpoint = withInputFormat(await openCheckpoint(source, { hub, cache, signal }));
    const tokenizer = await openTokenizer(checkpoint);
    const head = checkpoint.config.head && new HeadWeights(checkpoint.config.head, checkpoint.config.nEmbd);
    return { checkpoint, tokenizer, head };
  }, options);
  return new LocalModel(parts);
}

/** What config.json says under `gptlet` is no family's business: it belongs to the head's inputs. */
function withInputFormat(checkpoint: Checkpoint): Checkpoint {
  const { config, rawConfig } = checkpoint;
  if (!config.head || !rawConfig.gptlet) return checkpoint;
  const head = { ...config.head, inputFormat: rawConfig.gptlet as InputFormatConfig };
  return { ...checkpoint, config: { ...config, head } };
}

async function openTokenizer(checkpoint: Checkpoint): Promise<Tokenizer | undefined> {
  const files = checkpoint.tokenizerFiles;
  if (!files['tokenizer.json'] && !files['vocab.json']) return undefined;
  return createTokenizer(files, { kind: checkpoint.config.architecture === 'gpt' ? 'gpt1' : 'gpt2' });
}
