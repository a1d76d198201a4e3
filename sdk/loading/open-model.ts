import { ClassificationHead } from '../backends/classification-head.ts';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import type { ModelSource } from '../checkpoint/open-source.ts';
import { GptletError } from '../errors/gptlet-error.ts';
import type { Architecture, InputFormatConfig } from '../model/config.ts';
import { buildTokenizer } from '../tokenizer/build-tokenizer.ts';
import type { Tokenizer, TokenizerKind } from '../tokenizer/tokenizer.ts';
import { type OpenOptions, openCheckpointAt } from './open-checkpoint-at.ts';
import type { Surroundings } from './surroundings.ts';

/** A model of which all but the weights is there. */
export interface OpenedModel {
  readonly checkpoint: Checkpoint;
  readonly tokenizer: Tokenizer | undefined;
  /** Takes the weights that no engine knows. */
  readonly head: ClassificationHead | undefined;
}

/** Opens any model: its checkpoint, its tokenizer, and room for its fine-tuned head. */
export async function openModel(
  source: ModelSource,
  options: OpenOptions,
  surroundings: Surroundings,
): Promise<OpenedModel> {
  const checkpoint = withInputFormat(await openCheckpointAt(source, options, surroundings));
  const tokenizer = await openTokenizer(checkpoint, surroundings);
  const { head, nEmbd } = checkpoint.config;
  return { checkpoint, tokenizer, head: head && new ClassificationHead(head, nEmbd) };
}

/** What config.json says under `gptlet` is no family's business: it belongs to the head's inputs. */
function withInputFormat(checkpoint: Checkpoint): Checkpoint {
  const { config, rawConfig } = checkpoint;
  if (!config.head || !rawConfig.gptlet) return checkpoint;
  const head = { ...config.head, inputFormat: rawConfig.gptlet as InputFormatConfig };
  return { ...checkpoint, config: { ...config, head } };
}

/** Which families' vocab.json and merges.txt split text in which way; those of others do not say it. */
const splitsByFamily: Partial<Record<Architecture, TokenizerKind>> = {
  gpt: 'gpt1',
  gpt2: 'gpt2',
  'gpt-neo': 'gpt2',
  'gpt-j': 'gpt2',
  qwen2: 'qwen2',
  qwen3: 'qwen2',
};

/** A tokenizer.json says itself how text is split; vocab.json and merges.txt do as is usual for the family. */
async function openTokenizer(
  { tokenizerFiles: files, config }: Checkpoint,
  surroundings: Surroundings,
): Promise<Tokenizer | undefined> {
  if (files['tokenizer.json']) return buildTokenizer(files, undefined, surroundings);
  if (!files['vocab.json']) return undefined;
  const kind = splitsByFamily[config.architecture];
  if (kind) return buildTokenizer(files, kind, surroundings);
  throw new GptletError(
    'BAD_TOKENIZER',
    `vocab.json and merges.txt do not say how a model of the family ${config.architecture} splits text. Put its tokenizer.json beside them.`,
  );
}
