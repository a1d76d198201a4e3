import { HeadWeights } from '../backends/classification-head.ts';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { type ModelSource, openCheckpoint } from '../checkpoint/open-checkpoint.ts';
import { LocalModel } from '../generation/local-model.ts';
import { LocalQueries } from '../generation/local-queries.ts';
import type { InputFormatConfig } from '../model/config.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import { createTokenizer } from '../tokenizer.ts';
import type { LocalLoadOptions } from './load-options.ts';
import { loadParts } from './load-parts.ts';

/** Opens a checkpoint and brings it into an engine, all in the calling thread. */
export async function loadLocalModel(source: ModelSource, options: LocalLoadOptions): Promise<LocalModel> {
  return new LocalModel(await openModel(source, options));
}

/** {@link loadLocalModel} for a worker, whose page has the rest of the model's calls. */
export async function loadLocalQueries(source: ModelSource, options: LocalLoadOptions): Promise<LocalQueries> {
  return new LocalQueries(await openModel(source, options));
}

function openModel(source: ModelSource, options: LocalLoadOptions): ReturnType<typeof loadParts> {
  const { hub, cache, signal } = options;
  return loadParts(async () => {
    const checkpoint = withInputFormat(await openCheckpoint(source, { hub, cache, signal }));
    const tokenizer = await openTokenizer(checkpoint);
    const head = checkpoint.config.head && new HeadWeights(checkpoint.config.head, checkpoint.config.nEmbd);
    return { checkpoint, tokenizer, head };
  }, options);
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
